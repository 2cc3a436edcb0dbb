import assert from "node:assert/strict";
import { test } from "node:test";
import { noLines } from "../http1/lines.ts";
import { Exchange, type Channel } from "./exchange.ts";

function exchange(): { readonly exchange: Exchange; readonly sent: () => string } {
  let text = "";
  const channel: Channel = {
    peer: "192.0.2.1",
    keptLine: "Connection: keep-alive\r\n",
    lastAnswer: () => false,
    put: (more) => void (text += more),
    putChunk: (before, chunk, after) => {
      text += before + Buffer.from(chunk).toString() + after;
      return true;
    },
    flush: () => undefined,
    answered: () => undefined,
    detach: () => undefined,
    cut: () => undefined,
  };
  const head = { method: "GET", target: "/", version: "1.1", fields: [], lines: noLines };
  const kept = { keep: true, upgrade: false, expectsContinue: false };
  return {
    exchange: new Exchange(channel, head, kept, undefined, undefined),
    sent: () => text.slice(text.indexOf("\r\n\r\n") + 4),
  };
}

test("an empty piece of a chunked body is not written, because it would be its end", () => {
  const { exchange: one, sent } = exchange();
  one.start(200, noLines, undefined, true);
  one.write(Buffer.from("ab"));
  one.write(Buffer.alloc(0));
  one.write(Buffer.from("c"));
  one.end(false);
  assert.equal(sent(), "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
});
