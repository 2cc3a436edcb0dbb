// corsway mcp, as an agent uses it: the official SDK's client over stdio.

import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { corsway } from "../../../../test/support/browser/gateway.ts";
import { good } from "../../../../test/support/config-folder.ts";
import { runCommand } from "../../../../test/support/terminal.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";

async function agent(t: TestContext) {
  const cwd = temporaryFolder(t, {
    "corsway.toml": good,
    "broken.toml": "[policies.a]\n",
    "urls.txt": "https://api.example.com/a\nPUT https://api.example.com/b\n",
    "answer.txt": "200\n",
  });
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ["--conditions=source", corsway, "mcp"],
      cwd,
      env: { PATH: process.env["PATH"] ?? "", INIT_CWD: cwd },
    }),
  );
  t.after(() => client.close());
  const call = async (name: string, input: Record<string, unknown>) => {
    const { content, isError } = await client.callTool({ name, arguments: input });
    const [{ text }] = content as [{ text: string }];
    return { text, isError: isError === true };
  };
  return { client, call, cwd };
}

test("an agent finds the tools explain and check, and gets the JSON that the commands print", async (t) => {
  const { client, call, cwd } = await agent(t);
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map(({ name }) => name).sort(), ["check", "explain"]);

  const asked = { url: "http://127.0.0.1:8080/orders", origin: "https://evil.example" };
  const explained = await call("explain", {
    ...asked,
    config: "corsway.toml",
    headers: ["X-A: 1"],
  });
  assert.equal(explained.isError, false);
  const { url, origin } = asked;
  const flags = ["--origin", origin, "--config", "corsway.toml", "-H", "X-A: 1"];
  const typed = await runCommand(cwd, ["explain", url, ...flags, "--format", "json"]);
  assert.deepEqual(JSON.parse(explained.text), JSON.parse(typed.out));

  const checked = await call("check", { path: "broken.toml" });
  assert.equal(checked.isError, false);
  const listed = await runCommand(cwd, ["check", "broken.toml", "--format", "json"]);
  assert.deepEqual(JSON.parse(checked.text), JSON.parse(listed.out));

  const urls = { preflights: "urls.txt", origin: "https://app.example.com" };
  const cost = JSON.parse((await call("explain", urls)).text) as Record<string, unknown>;
  assert.equal(cost["requests"], 2);
  const page = { url: "https://api.example.com/", origin: "https://app.example.com" };
  const csp = { ...page, csp: "connect-src 'self'", upload: "listener", answer: "answer.txt" };
  assert.match((await call("explain", csp)).text, /"reason": "csp-blocked"/);
  const har = await call("explain", { har: "none.har", preflights: true });
  assert.match(har.text, /there is no such file/);

  const message = "TypeError: Failed to fetch";
  assert.match((await call("explain", { message })).text, /says nothing by itself/);
});

test("bad input is a tool error of one sentence, and the server keeps running", async (t) => {
  const { call } = await agent(t);
  const missing = await call("explain", { url: "https://api.example.com/" });
  assert.equal(missing.isError, true);
  assert.match(missing.text, /--origin is missing/);
  const flag = await call("explain", { url: "--version", origin: "https://app.example.com" });
  assert.equal(flag.isError, true);
  assert.match(flag.text, /`--version` has no scheme/);
  const piped = await call("explain", { message: "-" });
  assert.equal(piped.isError, true);
  assert.match(piped.text, /nothing was piped in/);
  assert.equal((await call("check", { path: "none.toml" })).isError, true);
  assert.equal((await call("check", {})).isError, false);
});

test("in a terminal it says that an agent has to start it, and exits with 2", async () => {
  const { code, out, err } = await runCommand("/", ["mcp"], { interactive: true });
  assert.deepEqual([code, out], [2, ""]);
  assert.match(err, /let an agent start it/);
});
