// The feed against a gateway that is written down: what it asks for, and what becomes of gaps.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Feed } from "./feed.ts";

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
});

interface Event {
  readonly id: string;
  readonly paths: readonly string[];
  readonly dropped?: number;
  readonly restarted?: boolean;
}

/** Each connection gets the next list of events, and is closed after it, the last one excepted. */
function gateway(...connections: readonly (readonly Event[])[]): (string | null)[] {
  const asked: (string | null)[] = [];
  globalThis.fetch = async (_input, init) => {
    const events = connections[asked.length] ?? [];
    asked.push(new Headers(init?.headers).get("Last-Event-ID"));
    const isLast = asked.length >= connections.length;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const { id, paths, ...rest } of events) {
          const records = paths.map((path) => ({ path }));
          const text = `event: decisions\ndata: ${JSON.stringify({ records, ...rest })}\nid: ${id}\n\n`;
          // In two pieces: the network cuts where it likes.
          const bytes = new TextEncoder().encode(text);
          controller.enqueue(bytes.slice(0, 30));
          controller.enqueue(bytes.slice(30));
        }
        if (!isLast) controller.close();
      },
    });
    return new Response(body);
  };
  return asked;
}

const shown = (feed: Feed): readonly string[] =>
  feed.rows.value.map((row) => ("record" in row ? row.record.path : `missing ${row.missing}`));

async function until(reached: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000 && !reached(); turn++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(reached());
}

test("a feed goes on where it was, and shows in their place how many decisions are missing", async () => {
  const asked = gateway(
    [{ id: "aaaaaaaaaaaa.2", paths: ["/1", "/2"] }],
    [
      { id: "aaaaaaaaaaaa.9", paths: ["/9"], dropped: 6 },
      { id: "bbbbbbbbbbbb.1", paths: ["/new"], restarted: true },
    ],
  );
  const feed = new Feed();
  feed.start();
  await until(() => shown(feed).includes("/new"));
  feed.stop();
  assert.deepEqual(asked, [null, "aaaaaaaaaaaa.2"]);
  assert.deepEqual(shown(feed), ["/new", "missing undefined", "/9", "missing 6", "/2", "/1"]);
  assert.equal(feed.seen.value, 10);
});

test("while it is paused the list stays, and the newest thousand wait", async () => {
  gateway([
    { id: "aaaaaaaaaaaa.1", paths: ["/before"] },
    { id: "aaaaaaaaaaaa.2", paths: Array.from({ length: 1500 }, (_, index) => `/${index}`) },
  ]);
  const feed = new Feed();
  feed.pause(true);
  feed.start();
  await until(() => feed.seen.value === 1501);
  assert.deepEqual(shown(feed), []);
  assert.equal(feed.waiting.value, 1000);
  feed.pause(false);
  feed.stop();
  assert.equal(shown(feed).length, 1000);
  assert.deepEqual([shown(feed)[0], shown(feed).at(-1)], ["/1499", "/500"]);
});
