// What distinguishes requests for an upstream with `algo = "hash:…"`: equal keys go to the same address.

import type { Algorithm } from "../config/config.ts";
import { firstField } from "../head/flat-fields.ts";
import type { ReadHead } from "../head/request-head.ts";

/** Empty if the algorithm hashes nothing, or the request lacks what it hashes. */
export function hashKey(
  algo: Algorithm,
  read: ReadHead,
  fields: readonly string[],
  client: string,
): string {
  if (algo.kind !== "hash") return "";
  switch (algo.by) {
    case "ip":
      return client;
    case "url":
      return read.path + read.query;
    case "header":
      return firstField(fields, algo.name) ?? "";
    case "query":
      return new URLSearchParams(read.query).get(algo.name) ?? "";
    case "cookie":
      return cookie(firstField(fields, "cookie") ?? "", algo.name);
  }
}

function cookie(header: string, name: string): string {
  for (const pair of header.split(";")) {
    const equals = pair.indexOf("=");
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return "";
}
