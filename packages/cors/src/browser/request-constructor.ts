// The checks of Fetch's `new Request(url, init)` (§5.4) and of XMLHttpRequest's open() and
// setRequestHeader(): which requests a page can make at all. Faults are TypeErrors caused by the page;
// forbidden headers are dropped silently, as in a browser.

import { getHeader, normalizeHeaderValue } from "../standard/header-list.ts";
import { isHeaderName, isNoCorsSafelistedRequestHeaderName } from "../standard/header-name.ts";
import type { Header } from "../standard/message.ts";
import {
  isCorsSafelistedMethod,
  isForbiddenMethod,
  isMethod,
  normalizeMethod,
} from "../standard/method.ts";
import { opaqueOrigin, parseOrigin } from "../standard/origin.ts";
import { isForbiddenRequestHeader } from "../standard/request-header.ts";
import { asciiLowercase } from "../standard/token.ts";
import type { Engine } from "./engine.ts";
import type { FetchRequest } from "./fetch-params.ts";
import { initiated, settingNotItsOwn, type FetchMode } from "./initiators.ts";
import type { Initiator, PageRequest, RedirectMode } from "./request.ts";
import { handshakeHeaders, handshakeUrl } from "./websocket-handshake.ts";
import type { Algorithm, Tracer } from "./trace.ts";
import { isSafelistedRequestHeader } from "./unsafe-request-header-names.ts";
import type { BlockDetail, BlockPlace, RequestFault } from "./verdict.ts";

const algorithm: Algorithm = { name: "new Request(input, init)", anchor: "dom-request" };

/** The standard's request, or why the page cannot have one. */
export function constructRequest(
  page: PageRequest,
  engine: Engine,
  trace: Tracer,
): FetchRequest | BlockDetail {
  const { initiator, mode, credentials, method } = initiated(page, engine);
  const { redirect = "follow", body: written = { kind: "none" } } = page;
  const place: BlockPlace = {
    at: "request",
    hop: 0,
    url: page.url,
    origin: page.origin,
    credentials,
  };
  const fault = (step: string, why: RequestFault, value: string): BlockDetail => {
    trace.step(algorithm, step, `the request is valid (${why})`, "failed", { [why]: value });
    return { ...place, reason: "request-invalid", why, value };
  };

  const origin = parseOrigin(page.origin);
  if (origin === undefined) return fault("7", "origin", page.origin);
  if (!URL.canParse(page.url)) return fault("5", "url", page.url);
  const setting = settingNotItsOwn(page);
  if (setting !== undefined) return fault("12", "initiator", setting);
  const url = mode === "websocket" ? handshakeUrl(page.url) : new URL(page.url);
  if (initiator === "fetch" && (url.username !== "" || url.password !== ""))
    return fault("5", "url-credentials", page.url);
  if (!isMethod(method)) return fault("25", "method", method);
  if (isForbiddenMethod(method)) {
    trace.step(algorithm, "25", "the method is not forbidden", "failed", { method });
    return { ...place, reason: "forbidden-method", method };
  }
  const normalized = normalizeMethod(method);
  if (mode === "no-cors" && !isCorsSafelistedMethod(normalized))
    return fault("32", "no-cors-method", normalized);

  const headers = new AuthorHeaders(mode, initiator, engine);
  const dropped: string[] = [];
  for (const [name, unnormalized] of page.headers ?? []) {
    const value = normalizeHeaderValue(unnormalized);
    if (!isHeaderName(name)) return fault("33", "header-name", name);
    if (!isHeaderValue(value)) return fault("33", "header-value", value);
    if (!headers.append(name, value)) dropped.push(name);
  }
  if (dropped.length > 0)
    trace.step(algorithm, "33", "headers that a page cannot set are dropped", "done", { dropped });

  const bodyless = normalized === "GET" || normalized === "HEAD";
  if (written.kind !== "none" && bodyless && initiator === "fetch")
    return fault("35", "body-with-get", normalized);
  const body = bodyless ? ({ kind: "none" } as const) : written;
  if (body.kind === "stream" && mode === "no-cors") return fault("39", "stream-mode", mode);
  const bodyType =
    body.kind === "none" || headers.has("content-type") ? undefined : body.contentType;
  if (bodyType !== undefined) headers.append("Content-Type", bodyType);
  if (mode === "websocket") headers.list.push(...handshakeHeaders);
  if (initiator === "eventsource") headers.list.push(["Accept", "text/event-stream"]);
  trace.step(algorithm, "42", "the request is built from what the page wrote", "done", {
    method: normalized,
    url: url.href,
    mode,
    credentials,
    redirect,
    ...(initiator === "fetch" ? {} : { initiator }),
  });
  return {
    origin: origin.kind === "opaque" ? opaqueOrigin : origin,
    mode,
    credentials,
    redirect: redirectModeOf(mode, initiator, redirect, engine),
    referrerPolicy: page.referrerPolicy ?? "strict-origin-when-cross-origin",
    useCorsPreflight:
      body.kind === "stream" ||
      (page.useCorsPreflight === true &&
        !(engine.quirks.uploadListenerNeedsBody && initiator === "xhr" && body.kind === "none")),
    initiator,
    urlList: [url],
    method: normalized,
    headers: headers.list,
    body,
    redirectCount: 0,
    tainting: "basic",
    timingAllowFailed: false,
    memory: {
      originalHeaders: headers.list,
      originalMethod: normalized,
      typedByBody: initiator !== "fetch" && bodyType !== undefined,
      preflighted: false,
      turnedGet: false,
      askedAnyway: [],
    },
  };
}

/** A WebSocket refuses redirects; only fetch() lets a page choose. */
function redirectModeOf(
  mode: FetchMode,
  initiator: Initiator,
  written: RedirectMode,
  { quirks }: Engine,
): RedirectMode {
  if (mode === "websocket") return quirks.socketsFollowRedirects ? "follow" : "error";
  return initiator === "xhr" ? "follow" : written;
}

/** The page's header list under construction, with an index by lower-case name. */
class AuthorHeaders {
  readonly list: Header[] = [];
  readonly #first: Map<string, number> = new Map();
  readonly #mode: FetchMode;
  readonly #engine: Engine;
  readonly #combines: boolean;
  readonly #dropped: ReadonlySet<string>;

  constructor(mode: FetchMode, initiator: Initiator, engine: Engine) {
    this.#mode = mode;
    this.#engine = engine;
    this.#combines = initiator === "xhr";
    this.#dropped = new Set(engine.quirks.droppedNames);
  }

  has(lowerName: string): boolean {
    return this.#first.has(lowerName);
  }

  /**
   * Fetch: concept-headers-append with the guard of the mode; XMLHttpRequest combines repeated names.
   * Returns false if the header was silently dropped.
   */
  append(name: string, value: string): boolean {
    const lower = asciiLowercase(name);
    if (isForbiddenRequestHeader(name, value) || this.#dropped.has(lower)) return false;
    const at = this.#first.get(lower);
    if (this.#mode === "no-cors") {
      if (!isNoCorsSafelistedRequestHeaderName(lower)) return false;
      const before = getHeader(this.list, lower);
      const { noCorsOneContentType } = this.#engine.quirks;
      if (noCorsOneContentType && before !== null && lower === "content-type") return false;
      const combined = before === null ? value : `${before}, ${value}`;
      if (!isSafelistedRequestHeader(name, combined, this.#engine)) return false;
    }
    if (at === undefined) this.#first.set(lower, this.list.push([name, value]) - 1);
    else {
      const [first, earlier] = this.list[at]!;
      if (this.#combines) this.list[at] = [first, `${earlier}, ${value}`];
      else this.list.push([first, value]);
    }
    return true;
  }
}

/** Fetch: header-value, already normalised: bytes, none of which ends a line. */
function isHeaderValue(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code === 0 || code === 0x0a || code === 0x0d || code > 0xff) return false;
  }
  return true;
}
