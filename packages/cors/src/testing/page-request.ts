// The arguments of `fetch(input, init)`, in the form that the model takes.

import type { PageBody, PageRequest, ReferrerPolicy } from "../browser/request.ts";
import type { Header } from "../standard/message.ts";

export interface Written {
  readonly request: PageRequest;
  readonly body: Uint8Array | undefined;
  readonly signal: AbortSignal | undefined;
}

/** `base` is the page's own URL: relative input is relative to it, as in a browser. */
export async function readPageRequest(
  origin: string,
  base: string | undefined,
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<Written> {
  const given = typeof input === "object" && "method" in input ? input : undefined;
  const written = given?.url ?? String(input as string | URL);
  const url = URL.canParse(written, base) ? new URL(written, base).href : written;
  const { body, bytes } = await readBody(init.body ?? undefined, given);
  const mode = init.mode ?? given?.mode;
  const credentials = init.credentials ?? given?.credentials;
  const redirect = init.redirect ?? given?.redirect;
  const referrerPolicy = init.referrerPolicy ?? given?.referrerPolicy;
  return {
    request: {
      origin,
      url,
      method: init.method ?? given?.method ?? "GET",
      headers: headerPairs(init.headers ?? given?.headers),
      body,
      ...(mode !== undefined && { mode: oneOf("mode", mode, modes) }),
      ...(credentials !== undefined && {
        credentials: oneOf("credentials", credentials, credentialsModes),
      }),
      ...(redirect !== undefined && { redirect: oneOf("redirect", redirect, redirectModes) }),
      ...(referrerPolicy !== undefined &&
        referrerPolicy !== "" && { referrerPolicy: referrerPolicy as ReferrerPolicy }),
    },
    body: bytes,
    signal: init.signal ?? given?.signal,
  };
}

const modes = ["cors", "no-cors", "same-origin"] as const;
const credentialsModes = ["omit", "same-origin", "include"] as const;
const redirectModes = ["follow", "error", "manual"] as const;

/** Web IDL: a value outside an enumeration is a TypeError; JavaScript callers can pass one. */
function oneOf<T extends string>(member: string, value: string, values: readonly T[]): T {
  const known = values.find((each) => each === value);
  if (known === undefined)
    throw new TypeError(`a page cannot fetch with ${member} \`${value}\`: ${values.join(", ")}`);
  return known;
}

/** Arrays keep order, case and duplicates; `Headers` has already lost them. */
function headerPairs(headers: RequestInit["headers"]): Header[] {
  if (headers === undefined) return [];
  // also a Map: Web IDL tries an iterable of pairs before it tries an object
  if (Symbol.iterator in headers)
    return [...(headers as Iterable<readonly string[]>)].map(([name = "", value = ""]) => [
      name,
      value,
    ]);
  return Object.entries(headers as Record<string, string>).map(
    ([name, value]) => [name, String(value)] as const,
  );
}

async function readBody(
  body: BodyInit | undefined,
  given: Request | undefined,
): Promise<{ readonly body: PageBody; readonly bytes?: Uint8Array }> {
  if (body === undefined) {
    if (given === undefined || given.body === null) return { body: { kind: "none" } };
    const bytes = new Uint8Array(await given.clone().arrayBuffer());
    return { body: { kind: "bytes", length: bytes.byteLength }, bytes };
  }
  const extracted = new Response(body);
  const type = extracted.headers.get("content-type");
  const bytes = new Uint8Array(await extracted.arrayBuffer());
  if (body instanceof ReadableStream) return { body: { kind: "stream" }, bytes };
  const contentType = type === null ? {} : { contentType: type };
  return { body: { kind: "bytes", length: bytes.byteLength, ...contentType }, bytes };
}
