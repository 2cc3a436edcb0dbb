// The two page servers. A page's own server also tells it what the gateway logged about its
// requests: same origin, so that no CORS stands between a page and the explanation.

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, request, type Server } from "node:http";
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

/** A page of an attacker's, whose name has been re-pointed at this machine. */
const rebound = "http://rebound.example";

/** Asks the gateway as that page's browser would: nothing but the name of the host is different. */
function askAsRebound(gateway: string, path: string): Promise<unknown> {
  const { hostname, port } = new URL(gateway);
  return new Promise((resolve, reject) => {
    const headers = { Host: new URL(rebound).host, Origin: rebound };
    const asked = request({ hostname, port, path, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => {
        const { statusCode: status } = response;
        resolve({ status, headers: Object.entries(response.headers), text });
      });
    });
    asked.once("error", reject).end();
  });
}

export function createPages(setup: PageSetup, log: GatewayLog): Server {
  return createServer((asked, response) => {
    // No `new URL`: it throws on a target such as `//`, and whoever sends that would end the demo.
    const [pathname = "/", query] = (asked.url ?? "/").split("?");
    // `localhost` leads here too, but is another origin: the policies name this one.
    if (asked.headers.host !== new URL(setup.origin).host) {
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
      const search = new URLSearchParams(query);
      const origin = search.has("rebound") ? rebound : setup.origin;
      void log.of(search.get("try") ?? "", origin).then((lines) => {
        send("application/json", JSON.stringify(lines));
      });
    } else if (pathname === "/rebound") {
      askAsRebound(setup.gateway, new URLSearchParams(query).get("path") ?? "/").then(
        (answer) => send("application/json", JSON.stringify(answer)),
        () => response.writeHead(502).end(),
      );
    } else if (pathname === "/corsway.toml") {
      readFile(setup.configPath, "utf8").then(
        (toml) => send("text/plain; charset=utf-8", toml),
        (error: Error) => send("text/plain; charset=utf-8", error.message),
      );
    } else response.writeHead(404, { "Content-Type": "text/plain" }).end("nothing here\n");
  });
}
