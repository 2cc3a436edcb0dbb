import assert from "node:assert/strict";
import { test } from "node:test";
import { loadFiles } from "../../../../test/support/config-folder.ts";
import { describeEffective, type EffectiveServer } from "../config/effective.ts";
import { effectiveChanges } from "./effective-changes.ts";

const head = `[servers.public]
addr = "127.0.0.1:8080"
[upstreams.api]
addrs = ["127.0.0.1:5001"]
[policies.shop]
allow_origins = ["https://shop.example"]
[policies.open]
allow_origins = "*"
`;

const all = '[locations.all]\npath = "/"\nupstream = "api"\ncors = "shop"\n';
const news = (cors: string, path = "/news"): string =>
  `[locations.news]\npath = "${path}"\nupstream = "api"\n${cors}\n`;

test("what a change means is said for each place, also where locations come, go and move", (t) => {
  const read = (text: string): readonly EffectiveServer[] => {
    const { config, diagnostics } = loadFiles(t, head + text);
    assert.ok(config, JSON.stringify(diagnostics));
    return describeEffective(config);
  };
  const between = (before: string, after: string): readonly string[] =>
    effectiveChanges(read(before), read(after)).map(
      ({ server, location, field, what, before: was, after: is }) =>
        `${location ?? server}: ${what} ${field} ${JSON.stringify(was)} ${JSON.stringify(is)}`,
    );
  assert.deepEqual(between(all, all), []);
  // A location with the policy that its paths had: nothing opens.
  assert.deepEqual(between(all, all + news('cors = "shop"')), [
    'news: changes location null "there"',
  ]);
  assert.deepEqual(between(all, all + news('cors = "open"')), [
    // Two policies on one server: a path that could be read as the other's is refused from now on.
    'public: changes ambiguous paths "harmless" "refused"',
    'news: changes location null "there"',
    'news: opens allow_origins null ["*"]',
  ]);
  assert.deepEqual(between(all + news('cors = "open"'), all), [
    'public: changes ambiguous paths "refused" "harmless"',
    'news: changes location "there" null',
    'news: closes allow_origins ["*"] null',
  ]);
  assert.deepEqual(between(all + news('cors = "open"'), all + news('cors = "open"', "/news/old")), [
    'news: changes path "/news" "/news/old"',
  ]);
  assert.deepEqual(between(all + news('cors = ["shop", "open"]'), all + news('cors = "shop"')), [
    'public: changes ambiguous paths "refused" "harmless"',
    'news: closes allow_origins ["*"] null',
  ]);
  assert.deepEqual(between(all + news("cors = false"), all + news('cors = "upstream"')), [
    'news: changes cors "closed" "upstream"',
  ]);
  // What decides for no page is not a change for any.
  assert.deepEqual(between(all + news('cors = ["open", "shop"]'), all + news('cors = "open"')), []);
});
