// A recipe as a file: plain TOML with a comment above every line that is not obvious.

import { tomlString } from "../config/tree/show.ts";
import { readApi } from "./api.ts";
import type { Recipe, Setting } from "./apis/recipe.ts";

/** The person's answers; anything absent comes from the recipe. */
export interface RecipeAnswers {
  readonly listen: string;
  readonly api?: string;
  readonly origins?: readonly string[];
}

/** As wide as the lines of the repository's files. */
const width = 100;

export function writeRecipe(recipe: Recipe, answers: RecipeAnswers): string {
  const { address, sni, host, path } = readApi(answers.api ?? recipe.api);
  const origins = answers.origins ?? recipe.origins;
  const any = origins === "*" || (origins.length === 1 && origins[0] === "*");
  // Two settings of one key would be a fault: the API's own name goes with the recipe's headers.
  const location = (recipe.location ?? []).map((setting): Setting => {
    const { key, value, says } = setting;
    if (key !== "proxy_set_headers" || host === undefined || !Array.isArray(value)) return setting;
    return { key, says, value: withHost(value as readonly string[], host) };
  });
  const setsHost = location.some(({ key }) => key === "proxy_set_headers");
  const lines = [
    ...comment(`${recipe.title}. ${recipe.about}`),
    ...comment(
      "`corsway check` says whether this file is sound, `corsway serve` starts the gateway.",
    ),
    "",
    "# Where browsers reach the gateway. On a loopback address it answers to localhost and IP addresses",
    '# only; under another name: hosts = "api.example.com".',
    "[servers.public]",
    `addr = ${tomlString(answers.listen)}`,
    "",
    "[upstreams.api]",
    ...comment(answers.api === undefined ? "Put your own address here." : "The API."),
    `addrs = [${tomlString(address)}]`,
    ...(sni === undefined
      ? []
      : ["# It speaks https, under this name.", `sni = ${tomlString(sni)}`]),
    ...(recipe.upstream ?? []).flatMap(settingLines),
    "",
    "[locations.api]",
    ...(recipe.path === undefined ? [] : [`path = ${tomlString(recipe.path)}`]),
    'upstream = "api"',
    'cors = "pages"',
    ...location.flatMap(settingLines),
    ...(path === undefined
      ? []
      : [`# /users is the API's ${path}users.`, `rewrite = ${tomlString(`^/ ${path}`)}`]),
    ...(host === undefined || setsHost
      ? []
      : ["# It is asked by its own name.", `proxy_set_headers = [${tomlString(`Host: ${host}`)}]`]),
    "",
    "[policies.pages]",
    ...comment(
      `${recipe.pages}${answers.origins === undefined && !any ? " Put your own origins here." : ""}`,
    ),
    `allow_origins = ${any ? '"*"' : value(origins)}`,
    ...recipe.policy.flatMap(settingLines),
  ];
  return `${lines.join("\n")}\n`;
}

function withHost(headers: readonly string[], host: string): readonly string[] {
  return [...headers.filter((line) => !/^host:/i.test(line)), `Host: ${host}`];
}

function settingLines({ key, value: written, says }: Setting): string[] {
  const line = `${key} = ${value(written)}`;
  if (line.length <= width || typeof written !== "object") return [...comment(says), line];
  return [...comment(says), `${key} = [`, ...filled(written.map(tomlString)), "]"];
}

function value(written: Setting["value"]): string {
  if (typeof written === "string") return tomlString(written);
  if (typeof written === "boolean") return String(written);
  return `[${written.map(tomlString).join(", ")}]`;
}

/** Several items a line. */
function filled(items: readonly string[]): string[] {
  const lines: string[] = [];
  let line = " ";
  for (const item of items) {
    if (line.length + item.length + 2 > width) {
      lines.push(line);
      line = " ";
    }
    line += ` ${item},`;
  }
  return [...lines, line];
}

function comment(text: string): string[] {
  const lines: string[] = [];
  let line = "#";
  for (const word of text.split(" ")) {
    if (line.length + word.length + 1 > width) {
      lines.push(line);
      line = "#";
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
