// Writes packages/cors/src/explain/messages/firefox-locales.ts: what Firefox prints of a blocked
// request in each of its languages.
//
//   node --conditions=source scripts/firefox-locales.ts CHECKOUT "SOURCE AND COMMIT"
//
// CHECKOUT holds LOCALE/dom/chrome/security/security.properties, the layout of the repository
// mozilla-l10n/firefox-l10n and of what the language packs were built from. Only the strings are
// read, as the format of a message that is to be decoded; nothing else of it is copied.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./checks.ts";

/** The keys of security.properties, in the order of their letters in the table. */
const keys = [
  "CORSDisabled",
  "CORSDidNotSucceed2",
  "CORSOriginHeaderNotAdded",
  "CORSExternalRedirectNotAllowed",
  "CORSRequestNotHttp",
  "CORSMissingAllowOrigin2",
  "CORSMultipleAllowOriginNotAllowed",
  "CORSAllowOriginNotMatchingOrigin",
  "CORSNotSupportingCredentials",
  "CORSMethodNotFound",
  "CORSMissingAllowCredentials",
  "CORSPreflightDidNotSucceed3",
  "CORSInvalidAllowMethod",
  "CORSInvalidAllowHeader",
  "CORSMissingAllowHeaderFromPreflight2",
  "CORSAllowHeaderFromPreflightDeprecation",
];

/** The English wordings have rows of their own, and many languages leave these strings in English. */
const english =
  /^Cross-Origin Request (?:Blocked|Warning): The Same Origin Policy (?:will )?disallow/;

function read(file: string): ReadonlyMap<string, string> {
  const strings = new Map<string, string>();
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const [, key, value] = /^(CORS\w+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    const text = value.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
      String.fromCharCode(parseInt(code, 16)),
    );
    strings.set(key, text.replace(/[ \t]+/g, " ").trim());
  }
  return strings;
}

/**
 * `LOCALE`; then `<` and the text before the URL; `>` and what every text after it begins with; a
 * letter and the rest of that text, for each reason; and so on.
 */
function row(locale: string, strings: ReadonlyMap<string, string>): string | undefined {
  const byFrame = new Map<string, string[]>();
  for (const [index, key] of keys.entries()) {
    const value = strings.get(key);
    if (value === undefined || !value.includes("%1$S") || english.test(value)) continue;
    const at = value.indexOf("%1$S");
    const after = `${String.fromCharCode(65 + index)}${value.slice(at + "%1$S".length)}`;
    const before = value.slice(0, at);
    byFrame.set(before, [...(byFrame.get(before) ?? []), after]);
  }
  if (byFrame.size === 0) return undefined;
  const fields = [locale];
  for (const [before, rows] of byFrame) {
    const between = commonStart(rows.map((text) => text.slice(1)));
    fields.push(`<${before}`, `>${between}`);
    for (const text of rows) fields.push(text[0]! + text.slice(1 + between.length));
  }
  return fields.join("\t");
}

/** Up to the last space of it, so that no placeholder is cut. */
function commonStart(texts: readonly string[]): string {
  if (texts.length < 2) return "";
  const [first = ""] = texts;
  let length = first.length;
  for (const text of texts) while (!text.startsWith(first.slice(0, length))) length--;
  return first.slice(0, first.slice(0, length).lastIndexOf(" ") + 1);
}

const [checkout, source] = process.argv.slice(2);
if (checkout === undefined || source === undefined) {
  process.stderr.write("usage: firefox-locales.ts CHECKOUT 'SOURCE AND COMMIT'\n");
  process.exit(2);
}
const rows: string[] = [];
for (const locale of readdirSync(checkout).sort()) {
  const file = path.join(checkout, locale, "dom/chrome/security/security.properties");
  if (!existsSync(file)) continue;
  const one = row(locale, read(file));
  if (one !== undefined) rows.push(one);
}
if (rows.length === 0) {
  process.stderr.write(`${checkout}: no LOCALE/dom/chrome/security/security.properties there\n`);
  process.exit(1);
}
const target = path.join(root, "packages/cors/src/explain/messages/firefox-locales.ts");
writeFileSync(
  target,
  `// Written by scripts/firefox-locales.ts; do not edit. Firefox's own words for a blocked request, by
// language: the text before the URL (\`<\`), what every text after it begins with (\`>\`), and for each
// reason its letter and the rest.
// Source: ${source}

export const firefoxLocales: readonly string[] = [
${rows.map((one) => `  ${JSON.stringify(one)},`).join("\n")}
];
`,
);
process.stdout.write(`${rows.length} languages written to ${path.relative(root, target)}\n`);
