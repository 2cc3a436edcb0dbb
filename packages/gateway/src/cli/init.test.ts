// corsway init writes a file that passes `check` without findings, or nothing.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";
import { runCommand } from "../../../../test/support/terminal.ts";
import { recipes } from "../recipes/recipes.ts";

const flags = ["init", "--api", "127.0.0.1:5001", "--origins", "https://app.example.com"];

for (const more of [
  [],
  ["--credentials"],
  ["--methods", "PUT,DELETE", "--headers", "Content-Type, X-Auth-Token"],
  ["--api", "https://api.internal", "--origins", "https://*.example.com,http://localhost:*"],
  ["--api", "HTTPS://API.Internal:8443/v1/", "--methods", "put,patch"],
  ["--api", "https://10.0.0.7"],
  ["--origins", "*", "--headers", "apikey"],
]) {
  test(`init ${more.join(" ")} writes a file that passes check without findings`, async (t) => {
    const cwd = temporaryFolder(t, {});
    const said = await runCommand(cwd, [...flags, ...more]);
    assert.deepEqual(said, { code: 0, out: "wrote corsway.toml\nnext: corsway serve\n", err: "" });
    const check = await runCommand(cwd, ["check"]);
    assert.equal(check.out, "corsway.toml is good: 1 location, 1 policy, 1 server\n");
  });
}

test("a policy with credentials rejects writes from other pages", async (t) => {
  const cwd = temporaryFolder(t, {});
  const written = (): string => readFileSync(join(cwd, "corsway.toml"), "utf8");
  await runCommand(cwd, [...flags, "--credentials"]);
  assert.match(written(), /^on_mismatch = "reject-writes"$/m);
  await runCommand(cwd, [...flags, "--no-credentials", "--force"]);
  assert.doesNotMatch(written(), /^on_mismatch/m);
});

test("the API is requested by its own name and base path", async (t) => {
  const cwd = temporaryFolder(t, {});
  await runCommand(cwd, [...flags, "--api", "https://API.internal:8443/v1/"]);
  const text = readFileSync(join(cwd, "corsway.toml"), "utf8");
  assert.match(text, /^addrs = \["API\.internal:8443"\]$/m);
  assert.match(text, /^sni = "api\.internal" /m);
  assert.match(text, /^rewrite = "\^\/ \/v1\/" /m);
  assert.match(text, /^proxy_set_headers = \["Host: api\.internal:8443"\] /m);
  await runCommand(cwd, [...flags, "--force", "--api", "http://localhost:3000/"]);
  assert.doesNotMatch(readFileSync(join(cwd, "corsway.toml"), "utf8"), /^(rewrite|proxy_)/m);
});

for (const api of ["http://api.internal/v1?key=1", "http://me:pw@api.internal", "ftp://x", ""]) {
  test(`the API \`${api}\` is refused as not an address, and no part of it is silently dropped`, async (t) => {
    const { code, err } = await runCommand(temporaryFolder(t, {}), [...flags, "--api", api]);
    assert.equal(code, 2);
    assert.match(err, /is not an address/);
  });
}

test("a method is accepted in any case", async (t) => {
  const cwd = temporaryFolder(t, {});
  await runCommand(cwd, [...flags, "--methods", "put,patch"]);
  const text = readFileSync(join(cwd, "corsway.toml"), "utf8");
  assert.match(text, /^allow_methods = \["GET", "HEAD", "POST", "PUT", "PATCH"\]$/m);
});

test("a gateway that would forward to itself is refused", async (t) => {
  const cwd = temporaryFolder(t, {});
  const { code, err } = await runCommand(cwd, [...flags, "--api", "127.0.0.1:8080"]);
  assert.equal(code, 2);
  assert.match(err, /gateway's own, 127\.0\.0\.1:8080/);
  assert.equal(existsSync(join(cwd, "corsway.toml")), false);
});

test("answers that make an invalid policy are refused, and nothing is written", async (t) => {
  const cwd = temporaryFolder(t, {});
  const { code, err } = await runCommand(cwd, [...flags, "--origins", "*", "--credentials"]);
  assert.equal(code, 2);
  assert.match(err, /credentials-with-any-origin/);
  assert.equal(existsSync(join(cwd, "corsway.toml")), false);
});

test("an existing file is kept unless --force is given", async (t) => {
  const cwd = temporaryFolder(t, { "corsway.toml": "mine\n" });
  const { code, err } = await runCommand(cwd, flags);
  assert.equal(code, 2);
  assert.match(err, /already exists/);
  assert.equal(readFileSync(join(cwd, "corsway.toml"), "utf8"), "mine\n");
  assert.equal((await runCommand(cwd, [...flags, "--force"])).code, 0);
});

test("without a terminal it reports which flags are required", async (t) => {
  const { code, err } = await runCommand(temporaryFolder(t, {}), ["init"]);
  assert.equal(code, 2);
  assert.match(err, /--api ADDRESS and --origins LIST must be given/);
});

test("a missing folder exits with 2", async (t) => {
  const { code, err } = await runCommand(temporaryFolder(t, {}), [
    ...flags.slice(0, 1),
    "x/y.toml",
    ...flags.slice(1),
  ]);
  assert.equal(code, 2);
  assert.match(err, /x\/y\.toml cannot be written/);
});

test("under npm the suggested next command uses npm", async (t) => {
  const env = { npm_lifecycle_event: "corsway" };
  const { out } = await runCommand(temporaryFolder(t, {}), flags, { env });
  assert.match(out, /next: npm run corsway -- serve\n/);
});

test("a policy that only raises warnings is written, and the warnings are printed", async (t) => {
  const cwd = temporaryFolder(t, {});
  const { code, err } = await runCommand(cwd, [...flags, "--headers", "Cookie"]);
  assert.equal(code, 0);
  assert.match(err, /^warning\[policy\/request-header-forbidden\]/);
  assert.ok(existsSync(join(cwd, "corsway.toml")));
});

test("input that ends before all answers cancels the command", (t) => {
  const cwd = temporaryFolder(t, {});
  const main = new URL("main.ts", import.meta.url).href;
  const asks = `import { main } from ${JSON.stringify(main)};
const terminal = { cwd: process.cwd(), env: {}, interactive: true, out() {}, err() {} };
process.exitCode = await main(["init"], terminal);`;
  const node = ["--conditions=source", "--input-type=module", "--eval", asks];
  const said = spawnSync(process.execPath, node, { cwd, encoding: "utf8", input: "" });
  assert.equal(said.status, 2, said.stderr);
  assert.match(said.stdout, /Nothing was written/);
  assert.equal(existsSync(join(cwd, "corsway.toml")), false);
});

for (const { name } of recipes) {
  test(`init --for ${name} writes a file that passes check without findings`, async (t) => {
    const cwd = temporaryFolder(t, {});
    const said = await runCommand(cwd, ["init", "--for", name]);
    assert.deepEqual(said, { code: 0, out: "wrote corsway.toml\nnext: corsway serve\n", err: "" });
    const check = await runCommand(cwd, ["check"]);
    assert.equal(check.out, "corsway.toml is good: 1 location, 1 policy, 1 server\n");
  });
}

test("init --for reads the API and the pages from flags, and refuses flags that the recipe sets", async (t) => {
  const cwd = temporaryFolder(t, {});
  const flags = ["--api", "https://llm.internal", "--origins", "https://chat.example.com"];
  await runCommand(cwd, ["init", "--for", "local-ai", ...flags]);
  const text = readFileSync(join(cwd, "corsway.toml"), "utf8");
  assert.match(text, /^addrs = \["llm\.internal:443"\]$/m);
  assert.match(
    text,
    /^proxy_set_headers = \["Origin: http:\/\/localhost", "Host: llm\.internal"\]$/m,
  );
  assert.match(text, /^allow_origins = \["https:\/\/chat\.example\.com"\]$/m);
  assert.doesNotMatch(text, /Put your own/);
  const refused = await runCommand(cwd, ["init", "--for", "mcp", "--methods", "PUT", "--force"]);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /--methods: the recipe sets this/);
  assert.equal((await runCommand(cwd, ["init", "--for", "mpc", "--force"])).code, 2);
});
