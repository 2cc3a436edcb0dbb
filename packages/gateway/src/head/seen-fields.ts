// What is in a head's fields, collected in one pass: this runs for every field of every request.

import type { Header } from "@corsway/cors";
import { isNamed } from "@corsway/cors/standard";
import { beginsWith } from "./flat-fields.ts";

/** The fields that the gateway itself uses, and how often those occurred that may occur only once. */
export interface SeenFields {
  /** Those that a CORS decision can depend on. */
  readonly decisive: Header[];
  hosts: number;
  host: string | undefined;
  lengths: number;
  length: string | undefined;
  codings: number;
  coding: string;
  /** The first Origin. */
  origin: string | undefined;
  /** The first Access-Control-Request-Method, and the first Access-Control-Request-Headers. */
  requested: string | undefined;
  requestedHeaders: string | undefined;
  expect: string | undefined;
  forwardedProto: string | undefined;
  forwardedHost: string | undefined;
  /** A field that servers treating `_` as `-` would read as a framing field. */
  lookalike: string | undefined;
}

/** One pass over the flat fields of a head. */
export function seeFields(fields: readonly string[]): SeenFields {
  const seen: SeenFields = {
    decisive: [],
    hosts: 0,
    host: undefined,
    lengths: 0,
    length: undefined,
    codings: 0,
    coding: "",
    origin: undefined,
    requested: undefined,
    requestedHeaders: undefined,
    expect: undefined,
    forwardedProto: undefined,
    forwardedHost: undefined,
    lookalike: undefined,
  };
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string;
    const value = fields[i + 1] as string;
    if (isDecisive(name)) seen.decisive.push([name, value]);
    // By length first, so that hardly any name has to be compared.
    switch (name.length) {
      case 4:
        if (isNamed(name, "host")) {
          seen.hosts++;
          seen.host ??= value;
        }
        break;
      case 6:
        if (isNamed(name, "origin")) seen.origin ??= value;
        else if (isNamed(name, "expect")) seen.expect = value;
        break;
      case 14:
        if (isNamed(name, "content-length")) {
          seen.lengths++;
          seen.length = value;
        } else if (isNamed(name, "content_length")) seen.lookalike ??= name;
        break;
      case 16:
        if (isNamed(name, "x-forwarded-host")) seen.forwardedHost = value;
        break;
      case 17:
        if (isNamed(name, "transfer-encoding")) {
          seen.codings++;
          seen.coding = value;
        } else if (isNamed(name, "x-forwarded-proto")) seen.forwardedProto = value;
        else if (name.includes("_") && isNamed(name.replaceAll("_", "-"), "transfer-encoding"))
          seen.lookalike ??= name;
        break;
      case 29:
        if (isNamed(name, "access-control-request-method")) seen.requested ??= value;
        break;
      case 30:
        if (isNamed(name, "access-control-request-headers")) seen.requestedHeaders ??= value;
        break;
      default:
    }
  }
  return seen;
}

/** `Origin`, `Access-Control-*` and `Sec-Fetch-*`: all that a policy reads. */
function isDecisive(name: string): boolean {
  switch (name.charCodeAt(0) | 0x20) {
    case 0x6f:
      return isNamed(name, "origin");
    case 0x61:
      return name.length > 15 && beginsWith(name, "access-control-");
    case 0x73:
      return name.length > 10 && beginsWith(name, "sec-fetch-");
    default:
      return false;
  }
}
