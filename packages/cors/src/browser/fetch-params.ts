// The standard's "request" and "fetch params" (Fetch §2.2.5, §2): the state that the algorithms change
// as they run, and what they ask of the outside. One of each per page request; never public.

import type { Header } from "../standard/message.ts";
import { serializeOrigin, type Origin } from "../standard/origin.ts";
import type { CorsPreflightCache } from "./cors-preflight-cache.ts";
import type { CookieJar } from "./cookie-jar.ts";
import type { Engine } from "./engine.ts";
import type {
  CredentialsMode,
  Initiator,
  PageBody,
  PageClient,
  RedirectMode,
  ReferrerPolicy,
} from "./request.ts";
import type { FetchMode } from "./initiators.ts";
import type { Answer, Sending } from "./sending.ts";
import type { Tracer } from "./trace.ts";
import type { BlockDetail, BlockPlace, PreflightCaching, WireExchange } from "./verdict.ts";
import type { HeaderList, RequestHead } from "../standard/message.ts";

/** Fetch: concept-request, as far as CORS is concerned. */
export interface FetchRequest {
  readonly origin: Origin;
  readonly mode: FetchMode;
  readonly credentials: CredentialsMode;
  readonly redirect: RedirectMode;
  readonly referrerPolicy: ReferrerPolicy;
  readonly useCorsPreflight: boolean;
  readonly initiator: Initiator;
  /** concept-request-url-list; the current URL is the last. */
  readonly urlList: URL[];
  method: string;
  headers: Header[];
  body: PageBody;
  redirectCount: number;
  /** concept-request-response-tainting; once `cors` it stays so */
  tainting: "basic" | "cors" | "opaque";
  timingAllowFailed: boolean;
  /** What only engines remember: see Quirks. */
  readonly memory: RedirectMemory;
}

/** Facts about earlier hops that the standard forgets but some engines do not. */
export interface RedirectMemory {
  /** The headers as the page set them. */
  originalHeaders: readonly Header[];
  readonly originalMethod: string;
  /** Content-Type came with the body; fetch() writes it into the headers, the other APIs and elements do not. */
  readonly typedByBody: boolean;
  /** Whether some hop needed a preflight. */
  preflighted: boolean;
  /** Whether the method was turned into GET, and no hop has left its origin since. */
  turnedGet: boolean;
  /** Headers of a body that an earlier hop dropped: not sent, but asked for. See Quirks, redirectsStartAnew. */
  askedAnyway: readonly Header[];
  /** Why a redirect is refused, if that happens only after a preflight to its target. */
  refused?: BlockDetail;
}

/** Fetch: fetch-params. */
export interface FetchParams {
  readonly request: FetchRequest;
  readonly engine: Engine;
  readonly cache: CorsPreflightCache;
  /** Lives as long as this request: see Quirks, cacheForOpaqueOrigins. */
  readonly ownCache: CorsPreflightCache;
  readonly now: () => number;
  readonly partition: string;
  readonly trace: Tracer;
  readonly wire: WireExchange[];
  /** Absent: nothing is known of the page. */
  readonly client?: PageClient;
  /** Absent: the page's cookies are not known. */
  readonly jar?: CookieJar;
  readonly thirdPartyCookies: "allowed" | "blocked";
  caching?: PreflightCaching;
  /** Whether some hop took the branch of main fetch 12 that may preflight. */
  mayPreflight: boolean;
}

/** What a generator of the model yields: a head that needs a response. */
export interface Asking {
  readonly request: RequestHead;
  readonly sending: Sending;
}
/** Every algorithm that may send: yields heads, receives responses, returns T. */
export type Fetching<T> = Generator<Asking, T, Answer>;

/** Fetch: concept-response (internal). `type` is set by filtering; a network error is a BlockedFetch. */
export interface FetchResponse {
  readonly kind: "response";
  readonly status: number;
  readonly headers: HeaderList;
  /** The URL it came from. */
  readonly url: URL;
  readonly opaqueRedirect?: true;
}

/** Fetch: concept-network-error, with the reason that a browser does not reveal. */
export interface BlockedFetch {
  readonly kind: "blocked";
  readonly detail: BlockDetail;
}

/** The request now has another URL: main fetch continues with it. */
export interface Redirected {
  readonly kind: "redirected";
}

export type FetchResult = FetchResponse | BlockedFetch | Redirected;

export function currentUrl(request: FetchRequest): URL {
  return request.urlList[request.urlList.length - 1]!;
}

/** 0 for the page's own URL. */
export function hopOf(request: FetchRequest): number {
  return request.urlList.length - 1;
}

/** The URL as a server and a page see it: no fragment. */
export function withoutFragment(url: URL): string {
  const at = url.href.indexOf("#");
  return at < 0 ? url.href : url.href.slice(0, at);
}

/** The URL as it is requested: also without user info, which is never part of a request's target. */
export function wireUrl(url: URL): string {
  if (url.username === "" && url.password === "") return withoutFragment(url);
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  return withoutFragment(bare);
}

export function isHttpScheme(url: URL): boolean {
  return url.protocol === "http:" || url.protocol === "https:";
}

/** The current place of the request; `origin` is the one that a response is checked against. */
export function placeOf(
  request: FetchRequest,
  at: BlockPlace["at"],
  origin: string = serializeOrigin(request.origin),
): BlockPlace {
  return {
    at,
    hop: hopOf(request),
    url: withoutFragment(currentUrl(request)),
    origin,
    credentials: request.credentials,
  };
}

export function blocked(detail: BlockDetail): BlockedFetch {
  return { kind: "blocked", detail };
}
