import assert from "node:assert/strict";
import { test } from "node:test";
import { runSync } from "@corsway/cors/browser";

const highest = 10_080;

/** The ports that Node's own fetch refuses; nothing is connected to. */
async function refusedByNode(): Promise<number[]> {
  const dispatcher = {
    dispatch() {
      throw new Error("asked");
    },
  };
  const refused: number[] = [];
  for (let port = 1; port <= highest + 1; port++)
    await fetch(`http://api.test:${port}/`, { dispatcher } as unknown as RequestInit).catch(
      ({ cause }: Error) => {
        if ((cause as Error).message === "bad port") refused.push(port);
      },
    );
  return refused;
}

function isBlocked(url: string): boolean {
  const verdict = runSync({ origin: "http://app.test", url }, () => ({
    status: 200,
    headers: [["Access-Control-Allow-Origin", "*"]],
  }));
  return verdict.outcome === "blocked";
}

test("the ports that a page cannot ask are those of another implementation of the standard", async () => {
  const refused: number[] = [];
  for (let port = 1; port <= highest + 1; port++)
    if (isBlocked(`http://api.test:${port}/`)) refused.push(port);
  assert.deepEqual(refused, await refusedByNode());
});

test("port 0, which no server has, cannot be asked either", () => {
  assert.equal(isBlocked("http://api.test:0/"), true);
  assert.equal(isBlocked("http://api.test/"), false);
});
