import assert from "node:assert/strict";
import { configVectors } from "../../../../test/support/config-vectors.ts";
import { test } from "node:test";
import type { Config, Source } from "../config/config.ts";
import type { Loaded } from "../config/load.ts";
import { pack, type Piece } from "./pack.ts";
import { good, loadFiles } from "../../../../test/support/config-folder.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";
import { loadConfig } from "../config/load.ts";
import { streamPolicy, Unpacking } from "./unpack.ts";

function sent(loaded: Loaded): { readonly arrived: Loaded; readonly pieces: readonly Piece[] } {
  const pieces = structuredClone([...pack(loaded)]);
  const unpacking = new Unpacking();
  for (const piece of pieces) unpacking.take(piece);
  return { arrived: unpacking.loaded, pieces };
}

/** Plain data, each source with its place. */
function plain({ config, ...rest }: Loaded): unknown {
  const written = ({ level, path, at }: Source) => ({ level, path, at });
  const text = JSON.stringify(config ?? null, (key, value: unknown) => {
    if (key === "from") return written(value as Source);
    if (key === "fields")
      return [...(value as ReadonlyMap<string, Source>)].map(([name, at]) => [name, written(at)]);
    return value instanceof Map ? [...value] : value;
  });
  return { config: JSON.parse(text) as Config, ...rest };
}

test("unpacking every vector's configuration gives the same result, including faults and places", (t) => {
  let taken = 0;
  for (const { cases } of configVectors().values())
    for (const { hit, miss } of cases)
      for (const { files, path, env } of [hit, miss]) {
        const at = temporaryFolder(t, files ?? {});
        const loaded = loadConfig(`${at}/${path ?? "corsway.toml"}`, {
          base: at,
          ...(env !== undefined && { env }),
        });
        assert.deepEqual(plain(sent(loaded).arrived), plain(loaded));
        if (loaded.config !== undefined) taken++;
      }
  assert.ok(taken > 20, "some were good");
});

test("levels, inline policies, several servers and their shared values survive packing", (t) => {
  const loaded = loadFiles(
    t,
    `${good}
cors = "upstream"
[locations.inline]
path = "~ ^/x"
upstream = "api"
cors = { allow_origins = ["https://*.a.example", "https://b.example:*"], allow_credentials = true }
[locations.closed]
upstream = "api"
path = "= /closed"
cors = false
[locations.rules]
upstream = "api"
path = "= /rules"
cors = ["webapp", { allow_origins = "https://c.example", allow_headers = "X-Amz-*" }]
[locations.same]
upstream = "api"
path = "= /same"
cors = ["webapp", "webapp"]
[servers.other]
addr = "127.0.0.1:8081"
cors = "webapp"
`.replace(
      'allow_origins = ["https://app.example.com"]\n\ncors = "upstream"\n',
      'allow_origins = "*"\n',
    ),
  );
  assert.deepEqual(
    loaded.diagnostics.filter(({ severity }) => severity === "error"),
    [],
  );
  const { config } = sent(loaded).arrived;
  assert.deepEqual(plain({ ...loaded, config: config! }), plain(loaded));
  const [first, second] = config!.servers;
  assert.equal(first!.routes[0]!.location, second!.routes[0]!.location);
  const policies = [first!.routes[0]!.cors, second!.fallback].map((cors) => {
    assert.equal(cors.kind, "policy");
    return cors.kind === "policy" && cors.policy;
  });
  assert.equal(policies[0], policies[1]);
});

test("no piece is long except a file's text, and a policy can be unpacked without its origin list", (t) => {
  const origins = Array.from({ length: 20_000 }, (_, i) => `"https://a${i}.example.com"`);
  const locations = Array.from(
    { length: 2000 },
    (_, i) => `[locations.l${i}]\npath = "/${i}"\nupstream = "api"\ncors = "webapp"\n`,
  );
  const loaded = loadFiles(t, {
    "a.toml": good.replace('"https://app.example.com"', origins.join(",\n")),
    "b.toml": locations.join(""),
  });
  const { arrived, pieces } = sent(loaded);
  for (const piece of pieces) {
    const text = typeof piece === "string" ? piece : "origins" in piece ? piece.origins : "";
    assert.ok(text.length < 80_000, `${text.length}`);
  }
  const cors = arrived.config!.servers[0]!.routes[0]!.cors;
  const before = loaded.config!.servers[0]!.routes[0]!.cors;
  assert.ok(cors.kind === "policy" && before.kind === "policy");
  const stream = streamPolicy(cors.policy);
  assert.deepEqual([...stream.origins], before.policy.allowOrigins);
  assert.deepEqual([...stream.origins].length, 20_000, "a second time as well");
  assert.deepEqual(stream.policy.allowOrigins, []);
  assert.deepEqual(cors.policy, before.policy);
  assert.equal(cors.policy.allowOrigins, cors.policy.allowOrigins, "made once");
  assert.ok(Object.isFrozen(cors.policy) && Object.isFrozen(cors.policy.allowOrigins));
});
