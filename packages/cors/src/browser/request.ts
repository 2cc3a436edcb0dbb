// A request as a page would write it: `fetch(url, init)`, or XMLHttpRequest. Nothing here is checked or
// normalised yet; request-constructor.ts does both, as the standard's `Request` does.

import type { HeaderList } from "../standard/message.ts";

/** Fetch: concept-request-mode, as far as `fetch()` can set it. */
export type RequestMode = "cors" | "no-cors" | "same-origin";
/** Fetch: concept-request-credentials-mode. */
export type CredentialsMode = "omit" | "same-origin" | "include";
/** HTML: CORS settings attribute. */
export type CrossOriginAttribute = "anonymous" | "use-credentials";
/** Fetch: concept-request-redirect-mode. */
export type RedirectMode = "follow" | "error" | "manual";
/** Referrer Policy: referrer-policy. It decides which `Origin` a request without CORS carries. */
export type ReferrerPolicy =
  | "no-referrer"
  | "no-referrer-when-downgrade"
  | "same-origin"
  | "origin"
  | "strict-origin"
  | "origin-when-cross-origin"
  | "strict-origin-when-cross-origin"
  | "unsafe-url";

/** What started the request: an API, an element, or a style sheet (`font`). */
export type Initiator =
  | "fetch"
  | "xhr"
  | "img"
  | "script"
  | "module"
  | "style"
  | "font"
  | "video"
  | "eventsource"
  | "websocket"
  | "beacon"
  | "form"
  | "manifest"
  | "worker";

/** Local Network Access: how far away an address is. */
export type AddressSpace = "public" | "local" | "loopback";

/** What is known of the page (Fetch: a request's client), for what acts before CORS. */
export interface PageClient {
  /** The value of its `Content-Security-Policy`; several policies are separated by commas. */
  readonly csp?: string;
  /** @default from the origin's host */
  readonly addressSpace?: AddressSpace;
  /** The user's permission to reach this machine and the local network. @default "prompt", which is left open */
  readonly localNetworkAccess?: "granted" | "denied" | "prompt";
}

/** A body, as far as CORS is concerned. A stream has no source, cannot be sent twice and forces a preflight. */
export type PageBody =
  | { readonly kind: "none" }
  | { readonly kind: "bytes"; readonly length: number; readonly contentType?: string }
  | { readonly kind: "stream"; readonly contentType?: string };

/** One request of a page. Anything absent has the default of `fetch()`. */
export interface PageRequest {
  /** The page's origin, serialised (`https://app.example.com`), or `null` for an opaque one. */
  readonly origin: string;
  /** Absolute; a fragment is allowed and never sent. */
  readonly url: string;
  /** @default "GET" */
  readonly method?: string;
  /** In the page's order, with duplicates and forbidden names. */
  readonly headers?: HeaderList;
  /** @default none */
  readonly body?: PageBody;
  /** @default "same-origin" */
  readonly credentials?: CredentialsMode;
  /** @default "cors" */
  readonly mode?: RequestMode;
  /** @default "follow" */
  readonly redirect?: RedirectMode;
  /** @default "strict-origin-when-cross-origin" */
  readonly referrerPolicy?: ReferrerPolicy;
  /** XMLHttpRequest with an upload listener (Fetch: use-CORS-preflight flag). A stream body sets it too. */
  readonly useCorsPreflight?: boolean;
  /**
   * What starts the request. It decides mode and credentials, unless it is `fetch` or `xhr`.
   * @default "fetch"
   */
  readonly initiator?: Initiator;
  /**
   * The cookies that the URL's own host set earlier, each as it was written in `Set-Cookie`: `sid=1; SameSite=Lax`.
   * With them, which cookies go along is decided, and Set-Cookie of each hop is kept; without them it is left open.
   */
  readonly cookies?: readonly string[];
  /**
   * How many seconds ago `cookies` were set. Chromium sends a young cookie without `SameSite` along with a form's
   * POST from another site.
   * @default longer ago than any rule asks
   */
  readonly cookieAge?: number;
  /** With it, mixed content, Content Security Policy and Local Network Access are decided; without it they are left open. */
  readonly client?: PageClient;
  /** @default "allowed" */
  readonly thirdPartyCookies?: "allowed" | "blocked";
  /** The `crossorigin` attribute of an element; `withCredentials` of an EventSource is `use-credentials`. */
  readonly crossOrigin?: CrossOriginAttribute;
}
