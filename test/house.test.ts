// The rules of the house, held by reading the imports: floors, the independence of policy/ and
// browser/, no Node in the library, entries that exist and are documented.

import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { root } from "../scripts/checks.ts";

/**
 * Room → the rooms (of the same package) and library entries it may import. A row names only rows
 * above it: those are the floors of docs/architecture.md, lowest first. A folder with rooms has a row
 * for its own files and one for each room. Between a folder's own files and its rooms both ways are
 * open (`explain.ts` uses `remedy/`, `remedy/` uses `answer-book.ts`): there the rule for files holds.
 */
const allowed: Record<string, Record<string, readonly string[]>> = {
  cors: {
    standard: [],
    diagnostics: [],
    policy: ["standard"],
    "policy/read": ["standard", "diagnostics"],
    "policy/decide": ["standard"],
    browser: ["standard"],
    "browser/engines": ["standard"],
    "explain/culprit": ["standard", "diagnostics", "browser"],
    "explain/messages": ["diagnostics"],
    "explain/remedy": [
      "standard",
      "diagnostics",
      "policy",
      "policy/read",
      "browser",
      "explain/culprit",
    ],
    explain: ["standard", "diagnostics", "browser", "browser/engines"],
    adapters: ["standard", "diagnostics", "policy", "policy/read", "policy/decide"],
    migrate: ["standard", "diagnostics", "policy", "policy/read", "policy/decide", "adapters"],
    testing: ["standard", "policy", "policy/read", "policy/decide", "browser", "explain"],
  },
  gateway: {
    paste: ["@corsway/cors/browser", "@corsway/cors/standard", "@corsway/cors/diagnostics"],
    clock: [],
    regex: [],
    http1: ["@corsway/cors/standard"],
    "config/tree": ["@corsway/cors/diagnostics"],
    "config/pingap": ["config/tree", "@corsway/cors/diagnostics"],
    "config/documents": ["config/tree", "config/pingap", "@corsway/cors/diagnostics"],
    "config/forms": [
      "regex",
      "config/tree",
      "config/pingap",
      "@corsway/cors/standard",
      "@corsway/cors/policy",
      "@corsway/cors/diagnostics",
    ],
    "config/sections": [
      "config/tree",
      "config/pingap",
      "config/forms",
      "@corsway/cors",
      "@corsway/cors/policy",
      "@corsway/cors/diagnostics",
    ],
    "config/levels": [
      "config/tree",
      "config/pingap",
      "config/forms",
      "config/sections",
      "@corsway/cors",
      "@corsway/cors/policy",
      "@corsway/cors/diagnostics",
    ],
    config: ["@corsway/cors", "@corsway/cors/policy", "@corsway/cors/diagnostics"],
    "recipes/apis": [],
    recipes: ["config/tree"],
    observe: ["@corsway/cors", "@corsway/cors/diagnostics"],
    store: [],
    admin: [
      "@corsway/cors",
      "config",
      "config/documents",
      "config/sections",
      "observe",
      "@corsway/cors/standard",
      "@corsway/cors/diagnostics",
    ],
    load: [
      "config",
      "config/tree",
      "config/levels",
      "@corsway/cors",
      "@corsway/cors/policy",
      "@corsway/cors/diagnostics",
    ],
    engine: ["clock", "http1", "config", "@corsway/cors/standard"],
    head: ["config", "engine", "@corsway/cors", "@corsway/cors/standard"],
    upstream: ["clock", "http1", "config", "head", "@corsway/cors/standard"],
    route: [
      "regex",
      "config",
      "head",
      "@corsway/cors",
      "@corsway/cors/policy",
      "@corsway/cors/standard",
    ],
    walk: [
      "clock",
      "regex",
      "http1",
      "config",
      "observe",
      "engine",
      "head",
      "upstream",
      "route",
      "@corsway/cors",
      "@corsway/cors/diagnostics",
      "@corsway/cors/standard",
    ],
    responders: [
      "http1",
      "config",
      "head",
      "route",
      "@corsway/cors",
      "@corsway/cors/policy",
      "@corsway/cors/standard",
      "@corsway/cors/browser",
      "@corsway/cors/diagnostics",
    ],
    crew: [
      "config",
      "observe",
      "admin",
      "load",
      "engine",
      "head",
      "upstream",
      "route",
      "walk",
      "@corsway/cors/policy",
    ],
    serve: [
      "config",
      "observe",
      "store",
      "admin",
      "load",
      "engine",
      "crew",
      "@corsway/cors",
      "@corsway/cors/diagnostics",
    ],
    migrate: ["@corsway/cors/diagnostics", "@corsway/cors/migrate"],
    cli: [
      "paste",
      "config",
      "config/tree",
      "config/pingap",
      "config/documents",
      "config/sections",
      "recipes",
      "observe",
      "responders",
      "crew",
      "serve",
      "migrate",
      "@corsway/cors",
      "@corsway/cors/policy",
      "@corsway/cors/diagnostics",
      "@corsway/cors/standard",
      "@corsway/cors/browser",
      "@corsway/cors/explain",
    ],
  },
};

/** All packages; the console has no floors, but the rules of every file are its rules too. */
const packages = [...Object.keys(allowed), "console"];

const drawers = new Set(["utils", "util", "helpers", "common", "core", "shared", "lib", "misc"]);

interface Import {
  readonly from: string; // packages/cors/src/policy/read.ts
  readonly target: string;
}

async function sources(pkg: string): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob(`packages/${pkg}/src/**/*.{ts,tsx}`, { cwd: root }))
    files.push(file);
  return files.filter((file) => !/\.(?:test|d)\.tsx?$/.test(file)).sort();
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(root, file), "utf8");
  const found = text.matchAll(
    /^\s*(?:import|export)\b[^;'"]*?from\s+["']([^"']+)["']|^\s*import\s+["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/gm,
  );
  return [...found].map((match) => ({ from: file, target: (match[1] ?? match[2] ?? match[3])! }));
}

/** The folder that a file lies in, below src: `policy/read`; empty for a public entry at the top. */
function roomOf(pkg: string, file: string): string {
  return path.dirname(path.relative(`packages/${pkg}/src`, file)).replace(/^\.$/, "");
}

/** A folder and one of its own rooms. */
function isWithin(room: string, other: string): boolean {
  return room.startsWith(`${other}/`) || other.startsWith(`${room}/`);
}

/** Each way back that a walk along the imports meets, as `a → b → a`. */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (file: string): void => {
    const at = way.indexOf(file);
    if (at >= 0) {
      circles.push([...way.slice(at), file].join(" → "));
      return;
    }
    if (done.has(file)) return;
    way.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    way.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return circles;
}

for (const pkg of Object.keys(allowed)) {
  const rooms = allowed[pkg]!;

  test(`${pkg}: imports only run down the floors`, async () => {
    const wrong: string[] = [];
    const used = new Set<string>();
    const files = await sources(pkg);
    assert.ok(files.length > 0, "no source was read");
    for (const file of files) {
      const room = roomOf(pkg, file);
      // Files at the top of src are public entries: re-exports of their own package.
      if (room === "") continue;
      if (!(room in rooms)) {
        wrong.push(`${file}: the folder ${room}/ is not in the table`);
        continue;
      }
      for (const { target } of importsOf(file)) {
        const to = target.startsWith(".")
          ? roomOf(pkg, path.join(path.dirname(file), target))
          : target.startsWith("@corsway/")
            ? target
            : undefined;
        if (to === undefined || to === room) continue;
        // An entry of the same package is for others; inside, files are named.
        if (target.startsWith(".") && /(^|\/)index\.ts$/.test(target) && !file.endsWith("index.ts"))
          wrong.push(`${file} imports the barrel ${target}`);
        if (isWithin(room, to)) continue;
        if (!rooms[room]!.includes(to)) wrong.push(`${file} imports ${to}`);
        used.add(`${room} → ${to}`);
      }
    }
    const floors = Object.keys(rooms);
    for (const [room, below] of Object.entries(rooms))
      for (const to of below) {
        if (!used.has(`${room} → ${to}`))
          wrong.push(`the table lets ${room} import ${to} for nothing`);
        if (floors.indexOf(to) >= floors.indexOf(room)) wrong.push(`${room} stands below ${to}`);
      }
    assert.deepEqual(wrong, []);
  });
}

for (const pkg of packages) {
  test(`${pkg}: no files import each other in a circle, types included`, async () => {
    const graph = new Map<string, string[]>();
    for (const file of await sources(pkg))
      graph.set(
        file,
        importsOf(file)
          .filter(({ target }) => target.startsWith("."))
          .map(({ target }) => path.join(path.dirname(file), target)),
      );
    assert.deepEqual(circlesOf(graph), []);
  });

  test(`${pkg}: no file or folder has a catch-all name (utils, helpers, common, core, shared, types.ts)`, async () => {
    const wrong = (await sources(pkg)).filter(
      (file) =>
        file.split(path.sep).some((part) => drawers.has(part.replace(/\.ts$/, ""))) ||
        path.basename(file) === "types.ts",
    );
    assert.deepEqual(wrong, []);
  });
}

for (const pkg of Object.keys(allowed)) {
  test(`${pkg}: every entry in exports exists and is documented`, () => {
    const manifest = JSON.parse(
      readFileSync(path.join(root, "packages", pkg, "package.json"), "utf8"),
    ) as { name: string; exports: Record<string, string | { source: string }> };
    const readme = readFileSync(path.join(root, "packages", pkg, "README.md"), "utf8");
    for (const [entry, target] of Object.entries(manifest.exports)) {
      if (typeof target === "string") continue;
      assert.ok(existsSync(path.join(root, "packages", pkg, target.source)), target.source);
      const name = entry === "." ? manifest.name : `${manifest.name}/${entry.slice(2)}`;
      assert.ok(readme.includes(`\`${name}\``), `${name} is not in packages/${pkg}/README.md`);
    }
  });
}

test("every file is imported, or is an entry", async () => {
  const entries = new Set<string>();
  const graph: string[] = [];
  for (const pkg of packages) {
    const folder = path.join("packages", pkg);
    // Entries are named by package.json, by the page that loads them, or by the way a program is started.
    for (const file of globSync(["package.json", "*.html", "vite.config.ts", "bin/*.mjs"], {
      cwd: path.join(root, folder),
    }))
      for (const [found] of readFileSync(path.join(root, folder, file), "utf8").matchAll(
        /\bsrc\/[\w./-]+\.tsx?/g,
      ))
        entries.add(path.join(folder, found));
    for (const file of await sources(pkg)) {
      graph.push(file);
      for (const [, name] of readFileSync(path.join(root, file), "utf8").matchAll(
        /\bsibling\("([\w-]+)"/g,
      ))
        entries.add(path.join(path.dirname(file), `${name}.ts`));
    }
  }
  const named = globSync(["packages/*/{src,bin}/**/*.{ts,tsx,mjs}", "{scripts,examples}/**/*.ts"], {
    cwd: root,
  }).filter((file) => !/\.test\.tsx?$/.test(file));
  for (const file of named)
    for (const { target } of importsOf(file))
      if (target.startsWith(".")) entries.add(path.join(path.dirname(file), target));
  assert.deepEqual(
    graph.filter((file) => !entries.has(file)),
    [],
    "nothing imports these, except perhaps a test",
  );
});

/** The one file of the console that names what the admin API sends: the gateway's own types, and nothing that runs. */
const shapes = "packages/console/src/api/shapes.ts";

test("the console imports the other packages only through their entries", async () => {
  const entries = new Set(
    Object.keys(allowed).flatMap((pkg) => {
      const manifest = JSON.parse(
        readFileSync(path.join(root, "packages", pkg, "package.json"), "utf8"),
      ) as { name: string; exports: Record<string, string | { source: string }> };
      return Object.entries(manifest.exports).flatMap(([entry, target]) =>
        typeof target === "string" ? [] : [path.posix.join(manifest.name, entry)],
      );
    }),
  );
  assert.ok(entries.has("corsway/paste"));
  const { dependencies } = JSON.parse(
    readFileSync(path.join(root, "packages/console/package.json"), "utf8"),
  ) as { dependencies: Record<string, string> };
  const wrong: string[] = [];
  for (const file of await sources("console"))
    for (const { target } of importsOf(file)) {
      const isOwn = target.startsWith(".")
        ? !path
            .relative("packages/console/src", path.join(path.dirname(file), target))
            .startsWith("..")
        : /^(?:@corsway\/|corsway\b)/.test(target)
          ? entries.has(target)
          : // Of a package, what is below its name is the package's own business.
            target.split("/", target.startsWith("@") ? 2 : 1).join("/") in dependencies;
      if (!isOwn && !(file === shapes && target.startsWith("../../../gateway/src/")))
        wrong.push(`${file} imports ${target}`);
    }
  if (existsSync(path.join(root, shapes)))
    assert.doesNotMatch(
      readFileSync(path.join(root, shapes), "utf8"),
      /^(?:import|export) (?!type )/m,
      "what is imported from the gateway's inside is types, which no built page holds",
    );
  assert.deepEqual(wrong, []);
});

test("every room and entry has a line in CONTRIBUTING.md, in the order of the floors", () => {
  const text = readFileSync(path.join(root, "CONTRIBUTING.md"), "utf8");
  const tables: Readonly<Record<string, string>> = Object.fromEntries(
    [...text.matchAll(/^\| `packages\/(\w+)\/src`[^]*?\n\n/gm)].map(([table, pkg]) => [
      pkg!,
      table,
    ]),
  );
  for (const [pkg, rooms] of Object.entries(allowed)) {
    const lines = [...tables[pkg]!.matchAll(/^\| `([\w/]+)\/` \|/gm)].map(([, room]) => room!);
    assert.deepEqual(lines, Object.keys(rooms), `the rooms of packages/${pkg}`);
  }
  for (const folder of globSync("packages/console/src/*/", { cwd: root }))
    assert.ok(
      tables["console"]!.includes(`| \`${path.basename(folder)}/\` |`),
      `${folder} has no line in CONTRIBUTING.md`,
    );
  const architecture = readFileSync(path.join(root, "docs/architecture.md"), "utf8");
  const floors = /^## Floors\n[^]*?\n```\n([^]*?)```/m.exec(architecture)![1]!;
  for (const rooms of Object.values(allowed))
    for (const room of Object.keys(rooms)) {
      const [folder, inner] = room.split("/");
      const name = inner ?? folder;
      assert.match(floors, new RegExp(`\\b${name}/`), `${room}/ is not in docs/architecture.md`);
    }
});

test("the check for circles finds a circle", () => {
  const graph = new Map([
    ["a.ts", ["b.ts", "d.ts"]],
    ["b.ts", ["c.ts"]],
    ["c.ts", ["a.ts"]],
    ["d.ts", []],
  ]);
  assert.deepEqual(circlesOf(graph), ["a.ts → b.ts → c.ts → a.ts"]);
});

test("every public export has a docstring", () => {
  const bare: string[] = [];
  const entries = Object.keys(allowed).flatMap((pkg) => {
    const folder = path.join("packages", pkg);
    const manifest = JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8")) as {
      exports: Record<string, string | { source: string }>;
    };
    return Object.values(manifest.exports).flatMap((target) =>
      typeof target === "string" ? [] : [path.join(folder, target.source)],
    );
  });
  for (const entry of entries)
    for (const [, names, target] of readFileSync(path.join(root, entry), "utf8").matchAll(
      /^export (?:type )?(\*|\{[^}]*\}) from "([^"]+)"/gm,
    )) {
      const file = path.join(path.dirname(entry), target!);
      const text = readFileSync(path.join(root, file), "utf8");
      const wanted = new Set(names!.match(/\w+/g));
      const declared = new Set<string>();
      for (const { 1: name, index } of text.matchAll(
        /^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm,
      )) {
        if (names !== "*" && !wanted.has(name!)) continue;
        // Of an overloaded function the first signature is described.
        if (!declared.has(name!) && !text.slice(0, index).trimEnd().endsWith("*/"))
          bare.push(`${file}: ${name}`);
        declared.add(name!);
      }
      assert.ok(declared.size > 0, `${file} exports nothing that was read`);
    }
  assert.deepEqual(bare, []);
});

test("policy/ and browser/ never import each other", async () => {
  const wrong: string[] = [];
  for (const file of await sources("cors"))
    for (const { target } of importsOf(file)) {
      if (file.includes("/policy/") && target.includes("/browser/")) wrong.push(file);
      if (file.includes("/browser/") && target.includes("/policy/")) wrong.push(file);
    }
  assert.deepEqual(wrong, []);
});

test("the library imports no node:* outside testing/loopback.ts", async () => {
  const wrong: string[] = [];
  for (const file of await sources("cors"))
    for (const { target } of importsOf(file))
      if (target.startsWith("node:") && !file.endsWith("testing/loopback.ts"))
        wrong.push(`${file} imports ${target}`);
  assert.deepEqual(wrong, []);
});

test("the library's only dependency is tldts", () => {
  const manifest = JSON.parse(
    readFileSync(path.join(root, "packages/cors/package.json"), "utf8"),
  ) as { dependencies?: Record<string, string> };
  assert.deepEqual(Object.keys(manifest.dependencies ?? {}), ["tldts"]);
});

test("every dependency has an exact version", () => {
  const loose: string[] = [];
  for (const file of globSync(["package.json", "packages/*/package.json"], { cwd: root })) {
    const manifest = JSON.parse(readFileSync(path.join(root, file), "utf8")) as Record<
      string,
      Record<string, string> | undefined
    >;
    for (const group of ["dependencies", "devDependencies", "optionalDependencies"])
      for (const [name, version] of Object.entries(manifest[group] ?? {}))
        if (!/^(?:npm:.*@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
          loose.push(`${file}: ${name} ${version}`);
  }
  assert.deepEqual(loose, []);
});

/**
 * Where a host, an origin, an address, a URL or a path is compared by its beginning, its end or a part of
 * it, and why that is right there. In other places it is a fault: `127.0.0.1.nip.io` begins like an address,
 * `evil-example.com` ends like a name, `/administrator` begins like `/admin`. Parse it, or compare whole
 * labels and segments. A look at one character of the syntax (`[`, `:`, `/`, `%`) compares no names, and what
 * ends in a separator (of a host: begins with a dot) compares whole keys, segments and labels.
 */
const comparedByParts: Readonly<Record<string, string>> = {
  "host.after.endsWith(by.after)":
    "what is inside of one label, for a hint that a pattern is covered",
  "host.before.startsWith(by.before)": "what is inside of one label, for the same hint",
  "host.endsWith(match.suffix)": "the suffix begins with a dot and something stands before it",
  'target.host.endsWith(".localhost")': "a whole label",
  "url.startsWith(origin)": "the authority's end is checked behind it",
  'origin.startsWith("https://")': "the rest of it, of just that length, is the authority",
  'origin.startsWith("http://")': "the rest of it, of just that length, is the authority",
  "origin.endsWith(authority)": "what stands before it, of just that length, is the scheme",
  'address.startsWith("::ffff:")': "the kernel's spelling of a peer, never a client's bytes",
  'request.url.startsWith("https:")': "the whole scheme",
  'seen.url.startsWith("data:")': "the whole scheme",
  'target.startsWith("http://")': "the whole scheme, and the authority behind it is parsed",
  "target.startsWith(`${scheme}://`)": "the whole scheme, and the authority behind it is parsed",
  'url.startsWith("//")': "a URL without a scheme, which gets one before it is parsed",
  'path?.startsWith("/api/")': "a whole segment; every check of the listener follows for both",
  "path.startsWith(cookiePath)":
    "RFC 6265bis §5.1.4: the next lines check that it ends at a segment",
  "path.startsWith(section)": "a whole key of a configuration's path, with its dot",
  "engine.quirks.unsafeSchemesBeforeRedirectMode.includes(protocol)": "a list of whole schemes",
  'path.includes("%25")': "only whether there is something to decode",
  'path.includes("%00")': "a byte that no path may hold anywhere",
  "url.startsWith(start)": "a URL that a browser cut in a message: only the wording depends on it",
  "url.endsWith(end)": "the other half of the same URL",
};

const partOf =
  /(?:\w+[!?]?\.)*\w*(?:host|hostname|origin|addr|address|peer|authority|domain|suffix|after|before|path|url|target)(?:\w*)[!?]?\.(?:startsWith|endsWith|includes)\((?:[^()]|\([^()]*\))*\)|\w+\.(?:startsWith|endsWith)\(\w*(?:host|origin|addr|address|peer|authority|domain|path|url)\)/gi;
const oneCharacter = /\((["'`])[^\w\s]\1\)$|\(" "\)$/;
const wholeParts =
  /path\w*[!?]?\.startsWith\(`[^`]*[./[]`\)$|host\w*[!?]?\.endsWith\(`\.[^`]*`\)$/i;
/** Beginnings of addresses and names, as a string or in an expression. */
const addressBeginning =
  /(?:startsWith|endsWith|includes)\(["'`](?:127|10|172|192|169|localhost|::1|\[::1)[^)]*\)|\^(?:\\\[|\(\?:|\()*(?:127|10|172|192|169|localhost)\b(?!\\\.\\d)[^/\n]*\/[a-z]*\.(?:test|exec)/g;

function comparisonsByParts(text: string): string[] {
  return [
    ...[...text.matchAll(partOf)]
      .map(([found]) => found)
      .filter((found) => !oneCharacter.test(found) && !wholeParts.test(found)),
    ...[...text.matchAll(addressBeginning)].map(([found]) => found),
  ];
}

test("hosts, origins, addresses, URLs and paths are parsed, not compared by parts of their text", async () => {
  const wrong: string[] = [];
  const used = new Set<string>();
  for (const pkg of packages)
    for (const file of await sources(pkg))
      for (const found of comparisonsByParts(readFileSync(path.join(root, file), "utf8"))) {
        used.add(found);
        if (!(found in comparedByParts)) wrong.push(`${file}: ${found}`);
      }
  for (const found of Object.keys(comparedByParts))
    if (!used.has(found)) wrong.push(`the table lets ${found} pass for nothing`);
  assert.deepEqual(wrong, []);
});

test("the check for comparisons by parts finds each of its forms", () => {
  for (const line of [
    'return host.startsWith("127.");',
    'peer?.address.endsWith(".example.com")',
    'request.url.includes("/admin")',
    "allowed.some((one) => one.endsWith(host))",
    'text.startsWith("localhost")',
    "/^127\\./.test(name)",
  ])
    assert.equal(comparisonsByParts(line).length > 0, true, line);
  for (const line of ['host.startsWith("[") && path.endsWith("/")', "path.startsWith(`${key}.`)"])
    assert.deepEqual(comparisonsByParts(line), []);
});

test("the sources contain no machine path or registry host", async () => {
  const wrong: string[] = [];
  for await (const file of glob("**/*.{ts,tsx,mjs,md,json,toml,html,css}", {
    cwd: root,
    exclude: (name) => ["node_modules", "build", "dist", ".cache", ".git"].includes(name),
  })) {
    if (file === "test/house.test.ts") continue;
    const text = readFileSync(path.join(root, file), "utf8");
    if (/\/(?:work|root)\/[a-z]|registry\.npmjs\.org|deb\.debian\.org/.test(text)) wrong.push(file);
  }
  assert.deepEqual(wrong, []);
});
