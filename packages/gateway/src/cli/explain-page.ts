// The flags of `explain` as a page's request. The usual slips are reported before anything is sent: a URL
// without a scheme, an origin with a slash.

import {
  isHeaderName,
  isMethod,
  normalizeHeaderValue,
  parseOrigin,
  type Header,
} from "@corsway/cors/standard";
import {
  initiated,
  initiatorRules,
  settingNotItsOwn,
  type CrossOriginAttribute,
  type Initiator,
  type PageSetting,
  type CredentialsMode,
  type PageRequest,
  type RedirectMode,
  type RequestMode,
} from "@corsway/cors/browser";
import { isLoopbackHost } from "@corsway/cors/standard";
import { toWire } from "../paste/wire-text.ts";
import type { Wanted } from "../responders/pick-exchange.ts";

export interface PageOptions {
  readonly origin?: string;
  readonly method?: string;
  readonly header?: readonly string[];
  readonly body?: string;
  readonly upload?: "listener" | "stream";
  readonly credentials?: CredentialsMode;
  readonly mode?: RequestMode;
  readonly redirect?: RedirectMode;
  readonly as?: Initiator;
  readonly crossorigin?: CrossOriginAttribute;
  readonly cookie?: readonly string[];
  readonly thirdPartyCookies?: "allowed" | "blocked";
  readonly csp?: string;
  readonly localNetwork?: "granted" | "denied" | "prompt";
  readonly config?: string;
}

export interface Refusal {
  readonly say: string;
  readonly why?: string;
  readonly fix?: string;
}
export type Refused = Refusal & { readonly kind: "refused" };

export type ReadPage =
  | { readonly kind: "page"; readonly page: PageRequest; readonly body?: Uint8Array }
  | Refused;

export function readPage(url: string | undefined, options: PageOptions): ReadPage {
  if (url === undefined)
    return refused(
      "there is no URL",
      "corsway explain https://api.example.com/users --origin https://app.example.com; or pipe a console message into `corsway explain --message -`",
    );
  const fault = urlFault(url) ?? originFault(options.origin) ?? methodFault(options.method);
  if (fault !== undefined) return fault;
  if (options.origin === undefined)
    return refused(
      "--origin is missing",
      "name the page's origin: --origin https://app.example.com (`null` for a sandboxed page or a file)",
    );
  const headers: Header[] = [];
  for (const text of options.header ?? []) {
    const header = readHeader(text);
    if ("say" in header) return header;
    headers.push(header);
  }
  const body = options.body === undefined ? undefined : new TextEncoder().encode(options.body);
  const { upload } = options;
  if (upload === "listener" && options.as !== undefined && options.as !== "xhr")
    return refused(
      `\`--upload listener\` cannot be combined with --as ${options.as}`,
      "use --as xhr: only an XMLHttpRequest has upload listeners",
    );
  const ofFetch = (["mode", "redirect"] as const).find((name) => options[name] !== undefined);
  if (options.as === "xhr" && ofFetch !== undefined)
    return refused(
      `\`--as xhr\` has no --${ofFetch}`,
      "leave it out, or use `--as fetch`: an XMLHttpRequest is always `cors` and follows redirects",
    );
  const {
    credentials,
    mode,
    redirect,
    as = upload === "listener" ? "xhr" : undefined,
    crossorigin,
    cookie,
    thirdPartyCookies,
    csp,
    localNetwork,
  } = options;
  const bad = cookie?.find((line) => !/^[^=;\s]+=/.test(line));
  if (bad !== undefined)
    return refused(
      `\`${bad}\` is not a cookie`,
      "write it as in Set-Cookie, in quotes: 'sid=1; SameSite=Lax; Secure'",
    );
  const started = { origin: options.origin, url, ...(as === undefined ? {} : { initiator: as }) };
  const sendsBody =
    (body !== undefined || upload === "stream") &&
    initiatorRules(as ?? "fetch").sets.includes("body");
  const method = options.method ?? (sendsBody ? "POST" : initiated(started).method);
  const described: PageRequest = {
    ...started,
    method,
    headers,
    // A configuration knows nothing of networks, so mixed content is left open there.
    ...(options.config === undefined || csp !== undefined || localNetwork !== undefined
      ? {
          client: {
            ...(csp === undefined ? {} : { csp }),
            ...(localNetwork === undefined ? {} : { localNetworkAccess: localNetwork }),
          },
        }
      : {}),
    ...(cookie === undefined ? {} : { cookies: cookie }),
    ...(thirdPartyCookies === undefined ? {} : { thirdPartyCookies }),
    ...(crossorigin === undefined ? {} : { crossOrigin: crossorigin }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(mode === undefined ? {} : { mode }),
    ...(redirect === undefined ? {} : { redirect }),
    ...(upload === "listener" ? { useCorsPreflight: true } : {}),
    ...(upload === "stream" ? { body: { kind: "stream" as const } } : {}),
    ...(body === undefined || upload === "stream"
      ? {}
      : {
          body: {
            kind: "bytes" as const,
            length: body.length,
            // What fetch() sends with a string; a form's default.
            contentType:
              as === "form" ? "application/x-www-form-urlencoded" : "text/plain;charset=UTF-8",
          },
        }),
  };
  const setting = settingNotItsOwn(described);
  if (setting !== undefined)
    return refused(
      `\`--as ${as ?? "fetch"}\` has no --${setting === "headers" ? "header" : setting}${setting === "method" ? ` ${method}` : ""}`,
      sayOwn(as ?? "fetch", setting),
    );
  return {
    kind: "page",
    page: described,
    ...(body === undefined ? {} : { body }),
  };
}

function sayOwn(as: Initiator, setting: PageSetting | "crossorigin"): string {
  const { methods, crossOrigin } = initiatorRules(as);
  if (setting === "method") return `it sends ${(methods === "any" ? [] : methods).join(" or ")}`;
  if (setting === "crossorigin")
    return as === "fetch" || as === "xhr"
      ? "use --credentials: `crossorigin` is an attribute of elements"
      : "leave it out: the attribute has no effect there";
  if (setting === "credentials" && crossOrigin !== "none")
    return "use --crossorigin anonymous or --crossorigin use-credentials";
  return "leave it out, or use `--as fetch`: only there can a page set it";
}

/** With --har everything is optional. */
export function readWanted(
  url: string | undefined,
  { origin, method }: PageOptions,
): { readonly kind: "wanted"; readonly wanted: Wanted } | Refused {
  const fault =
    (url === undefined ? undefined : urlFault(url)) ?? originFault(origin) ?? methodFault(method);
  if (fault !== undefined) return fault;
  return {
    kind: "wanted",
    wanted: {
      ...(url === undefined ? {} : { url: new URL(url).href.split("#", 1)[0]! }),
      ...(origin === undefined ? {} : { origin }),
      ...(method === undefined ? {} : { method }),
    },
  };
}

/** With --message, the URL and the origin supply what the message may lack. */
export function readContext(
  url: string | undefined,
  { origin }: PageOptions,
): { readonly url?: string; readonly origin?: string } | Refused {
  const fault = (url === undefined ? undefined : urlFault(url)) ?? originFault(origin);
  if (fault !== undefined) return fault;
  return {
    ...(url === undefined ? {} : { url: new URL(url).href }),
    ...(origin === undefined ? {} : { origin }),
  };
}

function urlFault(url: string): Refused | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url) && URL.canParse(url) && !/^[^/]+:\d/.test(url))
    return undefined;
  if (/^\/(?!\/)/.test(url))
    return refused(
      `\`${url}\` has no host`,
      `write a complete URL: \`https://api.example.com${url}\``,
    );
  if (!/^[a-z]+:\/\//i.test(url)) {
    const rest = url.startsWith("//") ? url : `//${url}`;
    const whole = `${usualScheme(rest)}:${rest}`;
    if (URL.canParse(whole)) return refused(`\`${url}\` has no scheme`, `write \`${whole}\``);
  }
  return refused(`\`${url}\` is not a URL`, "write a complete URL: https://api.example.com/users");
}

function usualScheme(rest: string): "http" | "https" {
  const whole = `http:${rest}`;
  return URL.canParse(whole) && isLoopbackHost(new URL(whole).hostname) ? "http" : "https";
}

function originFault(origin: string | undefined): Refused | undefined {
  if (origin?.includes("*"))
    return refused(
      `\`${origin}\` is a pattern, not an origin`,
      "name the origin of one page: --origin https://app.example.com",
    );
  if (origin === undefined || parseOrigin(origin) !== undefined) return undefined;
  const why =
    "a browser sends the scheme, the host and, if it is not the default, the port, in lower case; no path and no slash";
  if (/^file:/i.test(origin))
    return refused(
      `\`${origin}\` is not an origin`,
      "a page opened from a file has the origin `null`: --origin null",
    );
  if (/[\s,]/.test(origin.trim()))
    return refused(`\`${origin}\` is more than one origin`, "name one: a page has a single origin");
  // Not by URL: the origin of `tauri://localhost/` is "null" to it.
  const bare = origin.toLowerCase().replace(/\/+$/, "");
  let meant = parseOrigin(bare) === undefined ? undefined : bare;
  for (const guess of [origin, `${usualScheme(origin)}://${origin}`])
    if (meant === undefined && URL.canParse(guess) && /^https?:$/.test(new URL(guess).protocol))
      meant = new URL(guess).origin;
  return {
    kind: "refused",
    say: `\`${origin}\` is not an origin`,
    why,
    fix: meant === undefined ? "write it like `https://app.example.com`" : `write \`${meant}\``,
  };
}

function methodFault(method: string | undefined): Refused | undefined {
  if (method === undefined || isMethod(method)) return undefined;
  return refused(`\`${method}\` is not a method`, "a method is one word, such as PUT");
}

/** The name of a response header. */
export function readNameFault(name: string | undefined): Refused | undefined {
  if (name === undefined || isHeaderName(name)) return undefined;
  return refused(`\`${name}\` is not the name of a header`, "name one: --read X-Total-Count");
}

/** `Name: value`; also for --upstream-header. */
export function readHeader(text: string): Header | Refused {
  const colon = text.indexOf(":");
  const name = colon < 0 ? text : text.slice(0, colon);
  if (colon < 0 || !isHeaderName(name))
    return refused(`\`${text}\` is not a header`, "write it as 'Name: value', in quotes");
  const value = normalizeHeaderValue(text.slice(colon + 1));
  // Text beyond U+00FF is sent as its UTF-8 bytes, as a shell would have sent it.
  return [name, toWire(value)];
}

function refused(say: string, fix: string): Refused {
  return { kind: "refused", say, fix };
}
