import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import type { Header, RequestHead } from "../standard/message.ts";
import { admits } from "./admits.ts";
import { compilePolicy } from "./decide/compile.ts";
import type { OnMismatch, Policy } from "./policy.ts";
import { readPolicy } from "./read/read.ts";

// vectors/admits/write-lock.json: the table of on_mismatch, see the README beside it.
type Dimension = "origin" | "site" | "mode" | "destination" | "method" | "credentials";
type Cell = Readonly<Record<Dimension, string>>;
type Row = { readonly name: string; readonly admits: readonly OnMismatch[] } & {
  readonly [D in Dimension]?: readonly string[];
};
interface Table {
  readonly policy: object;
  readonly url: string;
  readonly dimensions: Readonly<Record<Dimension, Readonly<Record<string, string | null>>>>;
  readonly rows: readonly Row[];
}

const table = JSON.parse(
  readFileSync(new URL("../../../../vectors/admits/write-lock.json", import.meta.url), "utf8"),
) as Table;
const dimensions = Object.keys(table.dimensions) as Dimension[];
const settings: readonly OnMismatch[] = ["omit", "reject-writes", "reject"];

const fields: Readonly<Record<Exclude<Dimension, "method">, string>> = {
  origin: "Origin",
  site: "Sec-Fetch-Site",
  mode: "Sec-Fetch-Mode",
  destination: "Sec-Fetch-Dest",
  credentials: "Cookie",
};

function cells(
  [dimension, ...rest]: readonly Dimension[] = dimensions,
  cell: Partial<Cell> = {},
): readonly Cell[] {
  if (dimension === undefined) return [cell as Cell];
  return Object.keys(table.dimensions[dimension]).flatMap((value) =>
    cells(rest, { ...cell, [dimension]: value }),
  );
}

function headOf(cell: Cell): RequestHead {
  const headers: Header[] = [];
  for (const [dimension, name] of Object.entries(fields)) {
    const value = table.dimensions[dimension as Dimension][cell[dimension as Dimension]];
    if (value !== null && value !== undefined) headers.push([name, value]);
  }
  return { method: table.dimensions.method[cell.method]!, url: table.url, headers };
}

function policyWith(onMismatch: OnMismatch, more: object = {}): Policy {
  return readPolicy({ ...table.policy, ...more, on_mismatch: onMismatch }).policy!;
}

suite("the write lock", () => {
  const policies = settings.map((setting) => policyWith(setting));

  test("every combination matches one row of the table, and admits and decide agree with it", () => {
    const met = new Map<string, number>();
    const decides = policies.map(compilePolicy);
    for (const cell of cells()) {
      const rows = table.rows.filter((row) =>
        dimensions.every((dimension) => row[dimension]?.includes(cell[dimension]) ?? true),
      );
      assert.equal(rows.length, 1, JSON.stringify([cell, rows.map(({ name }) => name)]));
      const [row] = rows;
      met.set(row!.name, (met.get(row!.name) ?? 0) + 1);
      const head = headOf(cell);
      for (const [index, setting] of settings.entries()) {
        const expected = row!.admits.includes(setting);
        const told = `${row!.name}: ${setting} ${JSON.stringify(cell)}`;
        assert.equal(admits(policies[index]!, head), expected, told);
        assert.equal(decides[index]!(head).status, expected ? undefined : 403, told);
      }
    }
    assert.equal(met.size, table.rows.length, "every row has cells");
  });

  test("a row names only values of its dimension", () => {
    for (const row of table.rows)
      for (const dimension of dimensions)
        for (const value of row[dimension] ?? [])
          assert.ok(value in table.dimensions[dimension], `${row.name}: ${dimension} ${value}`);
  });

  test("every request is admitted if any rule allows every page", () => {
    const open = readPolicy({ allow_origins: "*", on_mismatch: "reject" }).policy!;
    for (const cell of cells()) {
      const head = headOf(cell);
      assert.ok(admits(open, head));
      assert.ok(admits([policies[2]!, open], head));
    }
  });

  test("a preflight is never forwarded, except one from the server's own origin", () => {
    const asked: Header = ["Access-Control-Request-Method", "PUT"];
    for (const policy of policies)
      for (const [origin, expected] of [
        ["https://app.example.com", false],
        ["https://evil.example", false],
        ["null", false],
        ["https://api.example.com", true],
      ] as const) {
        const headers: Header[] = [["Origin", origin], asked];
        assert.equal(admits(policy, { method: "OPTIONS", url: table.url, headers }), expected);
      }
  });

  test("the last rule's `on_mismatch` applies to a page that no rule allows", () => {
    const partner = { allow_origins: "https://partner.example" };
    const post: RequestHead = {
      method: "POST",
      url: table.url,
      headers: [["Origin", "https://evil.example"]],
    };
    assert.ok(admits([policyWith("reject"), policyWith("omit", partner)], post));
    assert.ok(!admits([policyWith("omit"), policyWith("reject-writes", partner)], post));
    const allowed: RequestHead = { ...post, headers: [["Origin", "https://partner.example"]] };
    assert.ok(admits([policyWith("omit"), policyWith("reject", partner)], allowed));
  });

  test("a refusal names the last rule, and its Vary lists the headers that were read", () => {
    const rules = [
      policyWith("omit"),
      policyWith("reject", { allow_origins: "https://b.example" }),
    ];
    const decide = compilePolicy(rules);
    const ask = (method: string, ...headers: Header[]) =>
      decide({ method, url: table.url, headers });
    assert.deepEqual(ask("GET", ["Sec-Fetch-Site", "cross-site"], ["Sec-Fetch-Mode", "no-cors"]), {
      kind: "not-cors",
      allowed: false,
      refusal: "site-not-allowed",
      rule: 1,
      status: 403,
      headers: [],
      vary: ["Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest"],
    });
    assert.deepEqual(ask("GET", ["Sec-Fetch-Site", "same-origin"]).vary, [
      "Origin",
      "Sec-Fetch-Site",
    ]);
    assert.deepEqual(ask("POST", ["Sec-Fetch-Site", "cross-site"]).vary, [
      "Origin",
      "Sec-Fetch-Site",
    ]);
    // What carries an Origin is decided by it alone, and a cache keeps one answer for each origin.
    assert.deepEqual(ask("GET", ["Origin", "https://b.example"]).vary, ["Origin"]);
    assert.deepEqual(ask("GET", ["Origin", "https://evil.example"]).vary, ["Origin"]);
    // A read is nothing that reject-writes asks about.
    const writes = compilePolicy(policyWith("reject-writes"));
    assert.deepEqual(writes({ method: "GET", url: table.url, headers: [] }).vary, ["Origin"]);
  });
});
