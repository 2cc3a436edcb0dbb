// What a page does in one case: an initiator, and what the page may set of its request.

import type {
  CredentialsMode,
  CrossOriginAttribute,
  Initiator,
  PageRequest,
  RequestMode,
} from "@corsway/cors/browser";
import type { Scene } from "../case.ts";

export interface Act {
  readonly as: Initiator;
  readonly crossOrigin?: CrossOriginAttribute;
  readonly method?: string;
  /** `fetch`; for `xhr`, `include` is withCredentials. */
  readonly credentials?: CredentialsMode;
  /** `fetch` only. */
  readonly mode?: RequestMode;
  /** A listener on `xhr.upload`. */
  readonly upload?: boolean;
  /** The type of the body: of a Blob, or of a text where it is text/plain. */
  readonly body?: string;
}

/** One act, and how the servers answer it; the page asks for node `n0`. */
export interface ActCase extends Scene {
  readonly kind: string;
  readonly page: "named" | "bare" | "address";
  readonly sandboxed: boolean;
  readonly act: Act;
}

/** What every body is. */
export const sentText = "told=1";
export const plainText = "text/plain;charset=UTF-8";

/** The act as the model knows it. */
export function requestOfAct(origin: string, url: string, act: Act): PageRequest {
  const { as, crossOrigin, method, credentials, mode, upload, body } = act;
  return {
    origin,
    // A form without fields writes an empty query.
    url: as === "form" && (method ?? "GET") === "GET" ? `${url}?` : url,
    initiator: as,
    ...(crossOrigin === undefined ? {} : { crossOrigin }),
    ...(method === undefined ? {} : { method }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(mode === undefined ? {} : { mode }),
    ...(upload === true ? { useCorsPreflight: true } : {}),
    ...(body === undefined
      ? {}
      : { body: { kind: "bytes", length: sentText.length, contentType: body } }),
  };
}
