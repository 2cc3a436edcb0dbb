// What stands in a head's fields, gathered in one pass: this runs for every field of every request.

import type { Header } from "@corsway/cors";
import { isNamed } from "@corsway/cors/standard";

/** The fields that the gateway itself looks at, and how often those came that may come once. */
export interface SeenFields {
  readonly headers: Header[];
  hosts: number;
  host: string | undefined;
  lengths: number;
  length: string | undefined;
  codings: number;
  coding: string;
  origin: boolean;
  /** Access-Control-Request-Method. */
  requested: string | undefined;
  expect: string | undefined;
  forwardedProto: string | undefined;
  forwardedHost: string | undefined;
  /** A field that reads as a framing field to a server that takes `_` for `-`. */
  lookalike: string | undefined;
}

/** One pass over the fields of a head, which are flat. */
export function seeFields(fields: readonly string[]): SeenFields {
  const seen: SeenFields = {
    headers: [],
    hosts: 0,
    host: undefined,
    lengths: 0,
    length: undefined,
    codings: 0,
    coding: "",
    origin: false,
    requested: undefined,
    expect: undefined,
    forwardedProto: undefined,
    forwardedHost: undefined,
    lookalike: undefined,
  };
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string;
    const value = fields[i + 1] as string;
    seen.headers.push([name, value]);
    // By length first: hardly any name is then compared.
    switch (name.length) {
      case 4:
        if (isNamed(name, "host")) {
          seen.hosts++;
          seen.host ??= value;
        }
        break;
      case 6:
        if (isNamed(name, "origin")) seen.origin = true;
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
      default:
    }
  }
  return seen;
}
