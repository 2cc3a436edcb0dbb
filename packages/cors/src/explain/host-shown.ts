// The host of a URL, as advice names it.

import { show } from "./bytes-shown.ts";

export function hostIn(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
}

/** Its scheme, as in `https:`. */
export function schemeIn(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).protocol : undefined;
}

/** As a policy lists it: the origin, or the scheme of a URL without a host. */
export function hostOf(url: string | undefined): string {
  if (url === undefined || !URL.canParse(url)) return "the host";
  const { protocol, origin } = new URL(url);
  return show(/^(?:https?|wss?):$/.test(protocol) ? origin : protocol);
}

export function withHost(url: string, host: string): string {
  const other = new URL(url);
  other.hostname = host;
  return other.href;
}
