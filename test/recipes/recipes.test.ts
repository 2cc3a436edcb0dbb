// Each recipe does its job in a real Chromium: the requests of its clients pass, the responses they need
// are readable, and what a foreign page must not do reaches no API. (mcp and local-ai have their own files.)

import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { after, before, describe, it } from "node:test";
import { recipes } from "../../packages/gateway/src/recipes/recipes.ts";
import { closeServer, listen } from "../support/browser/page-server.ts";
import type { FetchInit, Seen } from "../support/browser/page.ts";
import { openPages, serveRecipe } from "./recipe-stage.ts";

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

let pages: Awaited<ReturnType<typeof openPages>>;
before(async () => {
  pages = await openPages();
});
after(() => pages?.close());

const tried = new Set(["mcp", "local-ai"]);

function recipe(
  name: string,
  answer: Answer,
  tests: (use: {
    /** From the allowed page. */
    ask(path: string, init?: FetchInit): Promise<Seen>;
    /** From a page that the file does not allow. */
    askAsStranger(path: string, init?: FetchInit): Promise<Seen>;
    /** `METHOD /path`, as they reached the API. */
    reached: string[];
    base(): string;
  }) => void,
): void {
  tried.add(name);
  describe(`the recipe ${name}`, () => {
    const reached: string[] = [];
    const http = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        reached.push(`${request.method} ${request.url}`);
        answer(request, response, Buffer.concat(chunks).toString());
      });
    });
    let gateway: Awaited<ReturnType<typeof serveRecipe>>;
    before(async () => {
      gateway = await serveRecipe(name, await listen(http));
    });
    after(async () => {
      await gateway?.close();
      await closeServer(http);
    });
    tests({
      ask: (path, init) => pages.page.fetch(gateway.base + path, init),
      askAsStranger: (path, init) => pages.stranger.fetch(gateway.base + path, init),
      reached,
      base: () => gateway.base,
    });
  });
}

const ok: Answer = (_request, response) => void response.end("{}");

/** The statuses and headers that a page read; fails where it read nothing. */
function readable(seen: Seen): Extract<Seen, { blocked: false }> {
  assert.ok(!seen.blocked, `blocked: ${seen.told.console.join("\n")}`);
  return seen;
}

recipe(
  "spa-cookies",
  (request, response) => {
    if (request.url === "/session") response.setHeader("Set-Cookie", "sid=1; Path=/");
    if (request.url === "/expired")
      response.writeHead(302, { Location: "http://login.example.com/authorize?state=1" });
    response.end(JSON.stringify({ cookie: request.headers.cookie ?? "" }));
  },
  ({ ask, askAsStranger, reached }) => {
    it("the app can read and write with cookies, and can read the 401 of an ended session", async () => {
      const put = await ask("/orders/1", {
        method: "PUT",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": "t" },
        body: "{}",
        credentials: "include",
      });
      assert.equal(readable(put).status, 200);
      const expired = readable(await ask("/expired", { credentials: "include" }));
      assert.equal(expired.status, 401);
      assert.deepEqual((JSON.parse(expired.body) as { login: unknown }).login, {
        origin: "http://login.example.com",
        path: "/authorize",
      });
    });

    it("a foreign page's simple POST with cookies is not forwarded, and its GET cannot be read", async () => {
      const before = reached.length;
      const post = await askAsStranger("/orders", {
        method: "POST",
        mode: "no-cors",
        credentials: "include",
        body: "x",
      });
      assert.ok(!post.blocked, "the page cannot tell");
      assert.deepEqual(reached.slice(before), []);
      assert.ok((await askAsStranger("/orders", { credentials: "include" })).blocked);
    });
  },
);

recipe(
  "public-api",
  (_request, response) => {
    response.setHeader("X-RateLimit-Remaining", "41");
    response.setHeader("Link", '</items?page=2>; rel="next"');
    response.end("[]");
  },
  ({ askAsStranger }) => {
    it("any page can read it with a key, including rate limits and the next page, but never with cookies", async () => {
      const headers = { "X-API-Key": "public", Authorization: "Bearer t" };
      const seen = readable(await askAsStranger("/items", { headers }));
      assert.equal(seen.headers["x-ratelimit-remaining"], "41");
      assert.match(seen.headers["link"]!, /page=2/);
      assert.ok((await askAsStranger("/items", { credentials: "include" })).blocked);
    });
  },
);

recipe(
  "fonts-cdn",
  (_request, response) => {
    response.setHeader("Content-Type", "text/javascript");
    response.setHeader("Content-Range", "bytes 0-3/9");
    response.end("window.loaded = true;");
  },
  ({ askAsStranger, base }) => {
    it("any page can load a module script and parts of a file, and can read their timing", async () => {
      const { page } = pages.stranger;
      await page.addScriptTag({ url: `${base()}/app.js`, type: "module" });
      assert.equal(await page.evaluate("window.loaded"), true);
      const part = readable(await askAsStranger("/map.bin", { headers: { Range: "bytes=0-3" } }));
      assert.equal(part.headers["content-range"], "bytes 0-3/9");
      const size = await page.evaluate(
        (url) =>
          (performance.getEntriesByName(url)[0] as PerformanceResourceTiming | undefined)
            ?.transferSize ?? 0,
        `${base()}/app.js`,
      );
      assert.ok(size > 0, "Timing-Allow-Origin lets the page see the size");
    });
  },
);

recipe(
  "supabase",
  (request, response) => {
    response.setHeader("Content-Range", "0-1/42");
    response.setHeader("X-Supabase-Api-Version", "2024-01-01");
    response.end(request.method === "HEAD" ? undefined : "[]");
  },
  ({ ask, askAsStranger }) => {
    it("the requests of supabase-js for rows, logins and uploads pass, and the row count is readable", async () => {
      const common = {
        apikey: "anon",
        Authorization: "Bearer t",
        "X-Client-Info": "supabase-js-web/2.0",
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      };
      const rows = readable(
        await ask("/rest/v1/todos?select=*", {
          headers: {
            ...common,
            Prefer: "count=exact",
            "Accept-Profile": "public",
            Range: "0-9",
            "Range-Unit": "items",
          },
        }),
      );
      assert.equal(rows.headers["content-range"], "0-1/42");
      for (const [path, method, more] of [
        [
          "/rest/v1/todos",
          "PATCH",
          { "Content-Type": "application/json", "Content-Profile": "public" },
        ],
        [
          "/auth/v1/token",
          "POST",
          { "Content-Type": "application/json", "X-Supabase-Api-Version": "2024-01-01" },
        ],
        ["/storage/v1/object/a", "PUT", { "Content-Type": "image/png", "X-Upsert": "true" }],
        [
          "/storage/v1/upload/resumable",
          "POST",
          { "Tus-Resumable": "1.0.0", "Upload-Length": "3", "Upload-Metadata": "a b" },
        ],
        [
          "/functions/v1/hello",
          "POST",
          { "Content-Type": "application/json", "X-Region": "eu-west-1" },
        ],
        ["/rest/v1/todos", "DELETE", {}],
      ] as const)
        assert.equal(
          readable(await ask(path, { method, headers: { ...common, ...more } })).status,
          200,
          path,
        );
      assert.ok((await askAsStranger("/rest/v1/todos", { headers: common })).blocked);
    });
  },
);

/** A store of parts: each has its ETag, and the upload is complete when all are named. */
const parts = new Map<string, string>();
recipe(
  "s3-upload",
  (request, response, body) => {
    const url = new URL(request.url!, "http://s3");
    const number = url.searchParams.get("partNumber");
    if (url.searchParams.has("uploads"))
      response.end(
        "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>",
      );
    else if (number !== null) {
      const etag = `"part-${number}-${body.length}"`;
      parts.set(number, etag);
      response.writeHead(200, { ETag: etag, "X-Amz-Request-Id": "r1" }).end();
    } else {
      const all = [...parts.values()].every((etag) => body.includes(etag));
      response.writeHead(all ? 200 : 400).end(`<Complete size="${parts.size}"/>`);
    }
  },
  ({ ask, askAsStranger, reached }) => {
    it("a page can upload a file in parts, read each part's ETag and complete the upload", async () => {
      const begun = readable(
        await ask("/bucket/key?uploads", { method: "POST", headers: { "X-Amz-Acl": "private" } }),
      );
      const upload = /<UploadId>(.*)<\/UploadId>/.exec(begun.body)![1]!;
      const etags: string[] = [];
      for (const number of [1, 2]) {
        const part = readable(
          await ask(`/bucket/key?partNumber=${number}&uploadId=${upload}&X-Amz-Signature=s`, {
            method: "PUT",
            headers: {
              "X-Amz-Checksum-Crc32": "AAAAAA==",
              "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD",
              "Amz-Sdk-Request": "attempt=1",
            },
            bodyBytes: 100_000 * number,
          }),
        );
        assert.equal(part.status, 200);
        etags.push(part.headers["etag"]!);
      }
      assert.deepEqual(etags, ['"part-1-100000"', '"part-2-200000"']);
      const done = await ask(`/bucket/key?uploadId=${upload}`, {
        method: "POST",
        headers: { "Content-Type": "application/xml" },
        body: etags.map((etag) => `<ETag>${etag}</ETag>`).join(""),
      });
      assert.equal(readable(done).status, 200);
      const before = reached.length;
      assert.ok(
        (await askAsStranger("/bucket/key?partNumber=1", { method: "PUT", body: "x" })).blocked,
      );
      assert.deepEqual(reached.slice(before), []);
    });
  },
);

recipe(
  "sentry",
  (_request, response) => {
    response
      .writeHead(429, { "X-Sentry-Rate-Limits": "60:error:key", "Retry-After": "60" })
      .end("{}");
  },
  ({ ask, askAsStranger, reached }) => {
    it("the SDK can post an envelope and read the rate limits, and envelopes from other sites are refused", async () => {
      const envelope = '{"dsn":"http://k@localhost/1"}\n{"type":"event"}\n{}\n';
      for (const headers of [
        { "Content-Type": "text/plain;charset=UTF-8" },
        { "Content-Type": "application/x-sentry-envelope", "X-Sentry-Auth": "Sentry sentry_key=k" },
      ]) {
        const seen = readable(
          await ask("/api/1/envelope/?sentry_key=k", { method: "POST", headers, body: envelope }),
        );
        assert.equal(seen.status, 429);
        assert.equal(seen.headers["x-sentry-rate-limits"], "60:error:key");
        assert.equal(seen.headers["retry-after"], "60");
      }
      const before = reached.length;
      await askAsStranger("/api/1/envelope/?sentry_key=k", {
        method: "POST",
        mode: "no-cors",
        body: envelope,
      });
      assert.deepEqual(reached.slice(before), []);
    });
  },
);

recipe("opentelemetry", ok, ({ ask, askAsStranger, reached }) => {
  it("the SDK can post batches with a key, compressed or not, and batches from other sites are refused", async () => {
    for (const [path, headers] of [
      ["/v1/traces", { "Content-Type": "application/json" }],
      ["/v1/metrics", { "Content-Type": "application/x-protobuf", "Content-Encoding": "gzip" }],
      ["/v1/logs", { "Content-Type": "application/json", Authorization: "Bearer t" }],
    ] as const)
      assert.equal(
        readable(await ask(path, { method: "POST", headers, body: "{}" })).status,
        200,
        path,
      );
    const before = reached.length;
    await askAsStranger("/v1/traces", { method: "POST", mode: "no-cors", body: "{}" });
    assert.deepEqual(reached.slice(before), []);
  });
});

it("every recipe of the table is tested", () => {
  assert.deepEqual([...tried].sort(), recipes.map(({ name }) => name).sort());
});
