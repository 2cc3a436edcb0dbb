// A name that is used but not defined.

import { quote } from "@corsway/cors/diagnostics";
import { tomlKey } from "./show.ts";
import type { Spot } from "./spot.ts";
import { suggestion } from "./suggestion.ts";

const example = {
  upstream: (name: string) =>
    `[upstreams.${tomlKey(name)}] and below it addrs = ["127.0.0.1:5001"]`,
  location: (name: string) => `[locations.${tomlKey(name)}] and below it its path and upstream`,
  policy: (name: string) =>
    `[policies.${tomlKey(name)}] and below it allow_origins = ["https://app.example.com"]`,
  plugin: (name: string) => `[plugins.${tomlKey(name)}] and below it category = "cors"`,
};

/** The likely name is suggested but never written by --fix: a person must choose the policy. */
export function unknownName(
  kind: keyof typeof example,
  name: string,
  known: Iterable<string>,
  spot: Spot,
): undefined {
  const names = [...known];
  const meant = suggestion(name, names);
  // `cors = "upstream"` is a keyword and not the name of a policy.
  const own = kind === "policy" ? names.filter((known) => known !== "upstream") : names;
  const list = own.length === 0 ? `no ${kind} is defined` : `known: ${listed(own)}`;
  return spot.fault("config/unknown-name", {
    message: `there is no ${kind} ${quote(name)}`,
    why: list,
    fix: meant === undefined ? `write ${example[kind](name)}` : `did you mean ${quote(meant)}?`,
  });
}

function listed(names: readonly string[]): string {
  const first = names
    .slice(0, 8)
    .map((name) => quote(name))
    .join(", ");
  return names.length > 8 ? `${first} and ${names.length - 8} more` : first;
}
