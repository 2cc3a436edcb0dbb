// The two page servers. A page's own server also tells it what the gateway logged about its
// requests: same origin, so that no CORS stands between a page and the explanation.

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { GatewayLog } from "./gateway-log.ts";

export interface PageSetup {
  readonly role: "allowed" | "foreign";
  /** Its own origin. */
  readonly origin: string;
  readonly gateway: string;
  readonly other: string;
  readonly admin: string;
  readonly configPath: string;
  readonly chapters: unknown;
}

const read = (name: string) => readFileSync(new URL(`page/${name}`, import.meta.url));
const files: Readonly<Record<string, readonly [type: string, bytes: Buffer]>> = {
  "/": ["text/html; charset=utf-8", read("index.html")],
  "/page.css": ["text/css; charset=utf-8", read("page.css")],
  "/page.js": ["text/javascript; charset=utf-8", read("page.js")],
};

export function createPages(setup: PageSetup, log: GatewayLog): Server {
  return createServer((request, response) => {
    // No `new URL`: it throws on a target such as `//`, and whoever sends that would end the demo.
    const [pathname = "/", query] = (request.url ?? "/").split("?");
    // `localhost` leads here too, but is another origin: the policies name this one.
    if (request.headers.host !== new URL(setup.origin).host) {
      response.writeHead(307, { Location: `${setup.origin}${pathname}` }).end();
      return;
    }
    const send = (type: string, body: string | Buffer) => {
      response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store" }).end(body);
    };
    const file = files[pathname];
    if (file !== undefined) send(...file);
    else if (pathname === "/setup.json") send("application/json", JSON.stringify(setup));
    else if (pathname === "/gateway-log") {
      const name = new URLSearchParams(query).get("try") ?? "";
      void log.of(name, setup.origin).then((lines) => {
        send("application/json", JSON.stringify(lines));
      });
    } else if (pathname === "/corsway.toml") {
      readFile(setup.configPath, "utf8").then(
        (toml) => send("text/plain; charset=utf-8", toml),
        (error: Error) => send("text/plain; charset=utf-8", error.message),
      );
    } else response.writeHead(404, { "Content-Type": "text/plain" }).end("nothing here\n");
  });
}
