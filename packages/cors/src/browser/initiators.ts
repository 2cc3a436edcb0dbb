// What in a page starts a request, and what that decides: mode, credentials, destination, and what the
// page may set. One row each; the sources are HTML (elements, workers), CSS Fonts, XMLHttpRequest,
// WebSockets, Beacon and Web Application Manifest.

import { isCorsSafelistedRequestHeader } from "../standard/request-header.ts";
import type { Engine } from "./engine.ts";
import type {
  CrossOriginAttribute,
  CredentialsMode,
  Initiator,
  PageRequest,
  RequestMode,
} from "./request.ts";

/** Fetch: concept-request-mode, with those that no page can name in `fetch()`. */
export type FetchMode = RequestMode | "websocket" | "navigate";

/** A part of a request that the page may set; the rest belongs to the initiator. */
export type PageSetting = "method" | "headers" | "body" | "credentials" | "mode" | "redirect";

interface InitiatorRules {
  /** Fetch: concept-request-destination. */
  readonly destination: string;
  readonly mode: FetchMode;
  readonly credentials: CredentialsMode;
  /**
   * What `crossorigin` (or `withCredentials` of an EventSource) does: `cors` changes mode and credentials,
   * `credentials` only these, since the mode is CORS without it.
   */
  readonly crossOrigin: "cors" | "credentials" | "none";
  readonly methods: "any" | readonly string[];
  readonly sets: readonly PageSetting[];
  /** What a page has of an opaque answer. */
  readonly opaque?: string;
  /** The page never gets the answer, even of its own origin. */
  readonly unread?: true;
}

const element: Pick<InitiatorRules, "methods" | "sets"> = { methods: ["GET"], sets: [] };
const everything: readonly PageSetting[] = [
  "method",
  "headers",
  "body",
  "credentials",
  "mode",
  "redirect",
];
const tainted =
  "drawing it on a canvas taints the canvas: `toDataURL`, `toBlob` and `getImageData` throw";

const rules: Readonly<Record<Initiator, InitiatorRules>> = {
  fetch: {
    destination: "",
    mode: "cors",
    credentials: "same-origin",
    crossOrigin: "none",
    methods: "any",
    sets: everything,
  },
  xhr: {
    destination: "",
    mode: "cors",
    credentials: "same-origin",
    crossOrigin: "none",
    methods: "any",
    sets: everything,
  },
  img: {
    ...element,
    destination: "image",
    mode: "no-cors",
    credentials: "include",
    crossOrigin: "cors",
    opaque: `it can be shown but not read; ${tainted}`,
  },
  script: {
    ...element,
    destination: "script",
    mode: "no-cors",
    credentials: "include",
    crossOrigin: "cors",
    opaque:
      'it runs, but the page cannot read its text, and `window.onerror` gets "Script error." without details (in Firefox only for a syntax error)',
  },
  module: {
    ...element,
    destination: "script",
    mode: "cors",
    credentials: "same-origin",
    crossOrigin: "credentials",
  },
  style: {
    ...element,
    destination: "style",
    mode: "no-cors",
    credentials: "include",
    crossOrigin: "cors",
    opaque: "it applies, but the page cannot read it: `cssRules` throws",
  },
  font: {
    ...element,
    destination: "font",
    mode: "cors",
    credentials: "same-origin",
    crossOrigin: "none",
    opaque: "it is used: this engine loads fonts without CORS",
  },
  video: {
    ...element,
    destination: "video",
    mode: "no-cors",
    credentials: "include",
    crossOrigin: "cors",
    opaque: `it plays, but it cannot be read; ${tainted}`,
  },
  eventsource: {
    ...element,
    destination: "",
    mode: "cors",
    credentials: "same-origin",
    crossOrigin: "credentials",
  },
  websocket: {
    ...element,
    destination: "websocket",
    mode: "websocket",
    credentials: "include",
    crossOrigin: "none",
  },
  beacon: {
    destination: "",
    mode: "no-cors",
    credentials: "include",
    crossOrigin: "none",
    methods: ["POST"],
    sets: ["body"],
    opaque: "it is sent; `sendBeacon` never gives a page the response",
    unread: true,
  },
  form: {
    destination: "document",
    mode: "navigate",
    credentials: "include",
    crossOrigin: "none",
    methods: ["GET", "POST"],
    sets: ["method", "body"],
    opaque: "the browser shows the response in place of the page, and no page reads it",
    unread: true,
  },
  manifest: {
    ...element,
    destination: "manifest",
    mode: "cors",
    credentials: "same-origin",
    crossOrigin: "credentials",
  },
  worker: {
    ...element,
    destination: "worker",
    mode: "same-origin",
    credentials: "same-origin",
    crossOrigin: "none",
  },
};

/** Every initiator that the model knows. */
export const initiators: readonly Initiator[] = Object.keys(rules) as Initiator[];

/** The row of one initiator. */
export function initiatorRules(initiator: Initiator): InitiatorRules {
  return rules[initiator];
}

/** What a page asks, with what its initiator decides filled in. */
export interface InitiatedRequest {
  readonly initiator: Initiator;
  readonly destination: string;
  readonly mode: FetchMode;
  readonly credentials: CredentialsMode;
  readonly method: string;
}

/** The request of a page with the settings of its initiator, in an engine or as the standards have it. */
export function initiated(page: PageRequest, engine?: Engine): InitiatedRequest {
  const { initiator = "fetch", crossOrigin } = page;
  const row = rowIn(engine, initiator);
  const isIgnored =
    row.crossOrigin === "none" || (row.credentials === "omit" && crossOrigin === "anonymous");
  const byAttribute = isIgnored ? undefined : crossOrigin;
  return {
    initiator,
    destination: row.destination,
    mode: row.sets.includes("mode")
      ? (page.mode ?? row.mode)
      : initiator === "beacon"
        ? beaconMode(page)
        : byAttribute === undefined
          ? row.mode
          : "cors",
    credentials: row.sets.includes("credentials")
      ? (page.credentials ?? row.credentials)
      : byAttribute === undefined
        ? row.credentials
        : credentialsOf[byAttribute],
    method: page.method ?? (row.methods === "any" ? "GET" : row.methods[0]!),
  };
}

/** The standards' row (none has `omit`, under which `anonymous` changes nothing), or what an engine makes of it (see Quirks). */
function rowIn(engine: Engine | undefined, initiator: Initiator): InitiatorRules {
  const row = rules[initiator];
  if (initiator === "font" && engine?.quirks.fontsWithoutCors === true)
    return { ...row, mode: "no-cors", credentials: "include" };
  if (initiator === "manifest" && engine?.quirks.manifestsOmitCredentials === true)
    return { ...row, credentials: "omit" };
  return row;
}

const credentialsOf: Readonly<Record<CrossOriginAttribute, CredentialsMode>> = {
  anonymous: "same-origin",
  "use-credentials": "include",
};

/** Beacon, step 3.6: a Blob of another type than a form could send is a CORS request. */
function beaconMode({ body }: PageRequest): RequestMode {
  const type = body === undefined || body.kind === "none" ? undefined : body.contentType;
  return type === undefined || isCorsSafelistedRequestHeader("content-type", type)
    ? "no-cors"
    : "cors";
}

/** What the page sets although its initiator does not let it: `method`, `headers`…; undefined if nothing. */
export function settingNotItsOwn(page: PageRequest): PageSetting | "crossorigin" | undefined {
  const row = rules[page.initiator ?? "fetch"];
  const { method, headers = [], body, credentials, mode, redirect } = page;
  if (method !== undefined && row.methods !== "any" && !row.methods.includes(method))
    return "method";
  const given: readonly (readonly [PageSetting, boolean])[] = [
    ["headers", headers.length > 0],
    ["body", body !== undefined && body.kind !== "none"],
    ["credentials", credentials !== undefined],
    ["mode", mode !== undefined],
    ["redirect", redirect !== undefined],
  ];
  for (const [setting, isGiven] of given)
    if (isGiven && !row.sets.includes(setting)) return setting;
  return page.crossOrigin !== undefined && row.crossOrigin === "none" ? "crossorigin" : undefined;
}

/** The values of `crossorigin`. */
export const crossOriginAttributes: readonly CrossOriginAttribute[] = [
  "anonymous",
  "use-credentials",
];
