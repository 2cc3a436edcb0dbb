import assert from "node:assert/strict";
import { test } from "node:test";
import { runSeed } from "../../../../../test/support/seed.ts";
import { printOriginPattern } from "../origin-pattern.ts";
import { parseOriginPattern } from "./parse-origin-pattern.ts";

test("patterns are read into scheme, host and port", () => {
  const tuple = (scheme: string, host: object, port: unknown = "default"): object => ({
    pattern: { kind: "tuple", scheme, host, port },
  });
  const exact = (host: string): object => ({ kind: "exact", host });
  for (const [text, expected] of [
    ["https://app.example.com", tuple("https", exact("app.example.com"))],
    ["https://*.example.com", tuple("https", { kind: "subdomains", suffix: "example.com" })],
    [
      "https://pr-*.example.com",
      tuple("https", { kind: "label", before: "pr-", after: "", suffix: "example.com" }),
    ],
    [
      "https://a*z.example.com:*",
      tuple("https", { kind: "label", before: "a", after: "z", suffix: "example.com" }, "any"),
    ],
    ["http://localhost:*", tuple("http", exact("localhost"), "any")],
    ["http://localhost:[3000,8080]", tuple("http", exact("localhost"), [3000, 8080])],
    ["http://localhost:[3000, 8080, 3000]", tuple("http", exact("localhost"), [3000, 8080])],
    ["http://localhost:3000", tuple("http", exact("localhost"), [3000])],
    [
      "https://*.example.com:8443",
      tuple("https", { kind: "subdomains", suffix: "example.com" }, [8443]),
    ],
    ["http://localhost:[80]", tuple("http", exact("localhost"))],
    ["http://localhost:[80,81]", tuple("http", exact("localhost"), [80, 81])],
    ["http://[::1]:8080", tuple("http", exact("[::1]"), [8080])],
    ["https://127.0.0.1", tuple("https", exact("127.0.0.1"))],
    ["https://example.com.", tuple("https", exact("example.com."))],
    ["https://a_b.example", tuple("https", exact("a_b.example"))],
    ["https://intranet", tuple("https", exact("intranet"))],
    ["capacitor://localhost", tuple("capacitor", exact("localhost"))],
    ["chrome-extension://abc", tuple("chrome-extension", exact("abc"))],
    ["null", { pattern: { kind: "null" } }],
  ] as const)
    assert.deepEqual(parseOriginPattern(text), expected, text);
});

test("each fault has its code, and an edit where there is exactly one safe change", () => {
  const table: readonly [text: string, code: string, replace?: string][] = [
    ["[https://a.com](https://a.com)", "markdown-link", "https://a.com"],
    ["[https://a.com/](https://a.com/)", "markdown-link", "https://a.com"],
    ["[the app](https://a.com)", "markdown-link"],
    ["<https://a.com>", "markdown-link", "https://a.com"],
    ["^https://.*$", "regular-expression"],
    ["/https:\\/\\/a/", "regular-expression"],
    ["https://(a|b).com", "regular-expression"],
    ["https://a\\.com", "regular-expression"],
    ["~^https", "regular-expression"],
    ["https://a.com https://b.com", "several"],
    ["https://a.com; https://b.com/", "several"],
    ["https://a.com|https://b.com", "several"],
    ["https://a.com/?to=https://b.com", "path"],
    ["a.com", "no-scheme"],
    ["//a.com", "no-scheme"],
    ["localhost:3000", "no-scheme"],
    ["", "no-scheme"],
    ["*.a.com", "no-scheme"],
    ["https:/a.com", "no-scheme"],
    ["://a.com", "scheme"],
    ["1http://a.com", "scheme"],
    ["*://a.com", "wildcard"],
    ["http*://a.com", "wildcard"],
    ["file:///x", "file"],
    ["FILE://", "file"],
    ["https://u@a.com", "user-info"],
    ["https://u:p@a.com/", "user-info"],
    ["https://a.com/", "trailing-slash", "https://a.com"],
    ["HTTPS://A.com:443/", "trailing-slash", "https://a.com"],
    ["http://localhost:*/", "trailing-slash", "http://localhost:*"],
    ["https://a.com//", "path"],
    ["https://a.com/x", "path"],
    ["https://a.com?x", "path"],
    ["https://a.com#x", "path"],
    ["https://a.com\\x", "path"],
    ["https://b\u00fccher.example", "non-ascii", "https://xn--bcher-kva.example"],
    ["https://*.b\u00fccher.example", "non-ascii", "https://*.xn--bcher-kva.example"],
    ["https://a.com\u200b", "non-ascii", "https://a.com"],
    ["https://A.com", "upper-case", "https://a.com"],
    ["HTTP://a.com:80", "upper-case", "http://a.com"],
    ["https://a.com:443", "default-port", "https://a.com"],
    ["http://*.a.com:80", "default-port", "http://*.a.com"],
    ["https://a.com:", "port"],
    ["https://a.com:0", "port"],
    ["https://a.com:080", "port"],
    ["https://a.com:65536", "port"],
    ["https://a.com:80*", "port"],
    ["https://a.com:[]", "port"],
    ["https://a.com:[80,x]", "port"],
    ["https://a.com:[80", "port"],
    ["https://::1", "ip"],
    ["https://127.1", "ip", "https://127.0.0.1"],
    ["https://0x7f.0.0.1", "ip", "https://127.0.0.1"],
    ["https://256.1.1.1", "ip"],
    ["https://1.2.3.4.5", "ip"],
    ["https://[0:0:0:0:0:0:0:1]", "ip", "https://[::1]"],
    ["https://[::1%25eth0]", "ip"],
    ["https://[::1", "ip"],
    ["https://", "host"],
    ["https://:80", "host"],
    ["https://a..com", "host"],
    ["https://.a.com", "host"],
    ["https://a b.com", "host"],
    [`https://${"a".repeat(64)}.com`, "host"],
    [`https://${"a.".repeat(130)}com`, "host"],
    [`https://${"a".repeat(2000)}`, "host"],
    ["https://*", "wildcard"],
    ["https://*.", "wildcard"],
    ["https://**.a.com", "wildcard"],
    ["https://a.*.com", "wildcard"],
    ["https://*.*.com", "wildcard"],
    ["https://a.*", "wildcard"],
    ["https://pr-*", "wildcard"],
    ["https://*.1.2.3", "wildcard"],
    ["https://[*]", "ip"],
  ];
  for (const [text, code, replace] of table) {
    const parsed = parseOriginPattern(text);
    assert.ok("fault" in parsed, `${text} is taken for a pattern`);
    assert.equal(parsed.fault.code, `policy/origin-${code}`, text);
    assert.equal(parsed.fault.replace, replace, text);
  }
});

test("a pattern is printed in its canonical form", () => {
  for (const [text, printed] of [
    ["http://localhost:[3000]", "http://localhost:3000"],
    ["http://localhost:[80]", "http://localhost"],
    ["https://*.a.com:[1,2]", "https://*.a.com:[1,2]"],
    ["http://[::1]:*", "http://[::1]:*"],
  ] as const) {
    const parsed = parseOriginPattern(text);
    assert.ok("pattern" in parsed);
    assert.equal(printOriginPattern(parsed.pattern), printed);
  }
});

test("a host has at most 253 characters, not counting a trailing dot or a leading wildcard", () => {
  const longest = `${"a.".repeat(126)}a`;
  const code = (host: string): string | undefined => {
    const parsed = parseOriginPattern(`https://${host}`);
    return "fault" in parsed ? parsed.fault.code : undefined;
  };
  for (const host of [longest, `${longest}.`, `*.${longest}`])
    assert.equal(code(host), undefined, `${host.length}`);
  for (const host of [`${longest}a`, `${longest}a.`, `*.${longest}a`])
    assert.equal(code(host), "policy/origin-host", `${host.length}`);
});

test("http is proposed only for loopback hosts, not for names that merely begin like one", () => {
  const proposal = (text: string): string => JSON.stringify(parseOriginPattern(text));
  for (const host of ["localhost:3000", "127.0.0.1", "[::1]:8080", "//localhost/"])
    assert.match(proposal(host), /http:\/\//, host);
  for (const host of ["localhost.evil.example", "127.evil.example:8080", "127.0.0.1.nip.io"])
    assert.doesNotMatch(proposal(host), /http:\/\//, host);
});

test("an entry is recognised quickly exactly if the long way accepts its host", () => {
  const labels = [
    "a",
    "1",
    "0x1",
    "-",
    "a-",
    "xn--a-",
    "xn--999999b",
    "xn--4ca",
    "a_b",
    "A",
    "*",
    "",
    "é",
    "com",
  ];
  labels.push("l".repeat(63), "l".repeat(64), "1a", "a1", "x".repeat(60), "a--b", "localhost");
  const draw = seededDraw();
  let accepted = 0;
  for (let run = 0; run < 20_000; run++) {
    const count = 1 + draw(run % 10 === 0 ? 6 : 3);
    const host = Array.from({ length: count }, () => labels[draw(labels.length)]!).join(".");
    const scheme = draw(2) === 0 ? "https" : "http";
    // With a port, no entry is recognised quickly.
    const quick = parseOriginPattern(`${scheme}://${host}`);
    const long = parseOriginPattern(`${scheme}://${host}:8443`);
    assert.equal("pattern" in quick, "pattern" in long, host);
    if (!("pattern" in quick) || !("pattern" in long)) continue;
    assert.deepEqual({ ...quick.pattern, port: 0 }, { ...long.pattern, port: 0 });
    accepted++;
  }
  assert.ok(accepted > 1000 && accepted < 19_000, `${accepted} were accepted`);
});

/** A number below the limit, by the run's seed. */
function seededDraw(): (limit: number) => number {
  let state = runSeed() >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
