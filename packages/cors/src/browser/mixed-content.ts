// Mixed Content §4.1 and §4.4: what an https page asks over http is upgraded (images and media) or blocked.

import { isLoopbackHost } from "../standard/loopback-host.ts";
import {
  blocked,
  currentUrl,
  placeOf,
  type BlockedFetch,
  type FetchParams,
} from "./fetch-params.ts";
import { initiatorRules } from "./initiators.ts";
import type { Algorithm } from "./trace.ts";

const algorithm: Algorithm = {
  name: "Mixed Content",
  anchor: "upgrade-algorithm",
  standard: "mixed-content",
};

/** Upgrades the current URL, or refuses it; undefined: go on. */
export function mixedContentCheck(params: FetchParams): BlockedFetch | undefined {
  const { request, trace } = params;
  const url = currentUrl(request);
  const { origin } = request;
  const isRestricting = origin.kind === "tuple" && origin.scheme === "https";
  // A navigation of the whole tab is not mixed content.
  if (!isRestricting || request.mode === "navigate" || url.protocol !== "http:") return undefined;
  if (isLoopbackHost(url.hostname)) {
    trace.step(algorithm, "4.4", "the host is this machine, which is trusted", "passed");
    return undefined;
  }
  const { destination } = initiatorRules(request.initiator);
  const isUpgradable = destination === "image" || destination === "video";
  if (isUpgradable && !/^[\d.]+$|^\[/.test(url.hostname)) {
    const secure = new URL(url);
    secure.protocol = "https:";
    request.urlList[request.urlList.length - 1] = secure;
    trace.step(algorithm, "4.1", "an image or media: asked over https instead", "done", {
      url: secure.href,
    });
    return undefined;
  }
  trace.step(algorithm, "4.4", "the URL is one that an https page may ask", "failed", {
    url: url.href,
  });
  return blocked({ ...placeOf(request, "request"), reason: "mixed-content" });
}
