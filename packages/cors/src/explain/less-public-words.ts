// What browsers refuse because the target is less protected than the page: plain http from a page on https, and addresses
// of this machine or of the local network from a public page.

import { isLoopbackHost } from "../standard/loopback-host.ts";
import type { BlockFacts } from "./block-facts.ts";
import { show } from "./bytes-shown.ts";
import { hostIn, schemeIn, withHost } from "./host-shown.ts";
import { client, server, type Words } from "./recommendation.ts";

export function mixedContent({ url, api, engine, passes }: BlockFacts): Words {
  const secure = url?.replace(/^http:/, "https:").replace(/^ws:/, "wss:");
  const target = hostIn(url);
  const isSocket = api === "WebSocket" || schemeIn(url) === "ws:";
  // Chromium and Firefox except this machine; where they report it they mean something else.
  const isOwn = engine === "webkit" && target !== undefined && isLoopbackHost(target);
  return {
    says: `a page on https ${isSocket ? "opens" : "requests"} ${url === undefined ? `an insecure ${isSocket ? "WebSocket (`ws:`)" : "URL"}` : show(url)}`,
    why: passes
      ? "the browser loads it for now, or requests it over https instead"
      : isOwn
        ? "Safari refuses plain http from a page on https even on this machine; Chromium and Firefox make an exception for it"
        : "unencrypted data could be changed in transit, so browsers stop the request before it is sent",
    advice: [
      client(`use ${isSocket ? "wss" : "https"}${secure === undefined ? "" : `: ${show(secure)}`}`),
      server(
        isOwn
          ? "serve it over https with a certificate that this machine trusts (mkcert), or open the page over http as well"
          : "serve the resource over https",
      ),
    ],
  };
}

export function localNetworkAccess(facts: BlockFacts): Words {
  const { url, origin, why, offending, passes } = facts;
  if (why === "target") return wrongTargetSpace(facts);
  if (why === "preflight") return privateNetworkPreflight(facts);
  const target = hostIn(url);
  const page = hostIn(origin);
  const isVisitors = target !== undefined && isLoopbackHost(target);
  const permission =
    why === "insecure"
      ? "serve the page from https: only then can the user be asked for the permission"
      : why === "denied"
        ? 'allow it in the site\'s settings of the browser (at the lock in the address bar); a page in a frame needs `allow="local-network; loopback-network"` on the frame as well'
        : why === "frame"
          ? 'put `allow="local-network; loopback-network"` on the frame'
          : "serve the page from https and have the user grant the permission";
  if (isVisitors && page !== undefined && !isLoopbackHost(page))
    return {
      says: `a page of ${show(origin ?? "")} requests ${show(target)}, which is the visitor's own machine`,
      why: `${target === "localhost" ? "`localhost`" : "that address"} is the computer that the browser runs on, not the server that the page came from; ${denied(why) ?? "browsers ask for permission, or refuse"} (Local Network Access)`,
      advice: [
        client(
          `request the server by its own address (${show(withHost(url!, page))}, if that is where the page comes from), or by a path of the page's origin`,
        ),
        client(`if you do mean the visitor's machine: ${permission}`),
      ],
    };
  if (offending === "unknown" && target !== undefined && !isVisitors)
    return {
      says: `the browser counts the address of ${show(target)} as less public than the page's, in a space that it does not name (\`unknown\`)`,
      why: `that needs the user's permission (Local Network Access)${denied(why) === undefined ? "" : `, and ${denied(why)}`}; no response header grants it`,
      advice: [
        client(permission),
        client(
          `if ${show(target)} is a public server: a proxy, a VPN or a blocker answers for it; try without`,
        ),
      ],
    };
  const space =
    offending === "loopback" || isVisitors
      ? "this machine"
      : offending === undefined && target === undefined
        ? "this machine or the local network"
        : "the local network";
  return {
    says: `the page comes from a more public address than ${url === undefined ? "the one it requests" : show(url)}, which is on ${space}`,
    why: passes
      ? "the request passes today; it will need the user's permission (Local Network Access), and no response header grants that"
      : `that needs the user's permission (Local Network Access)${denied(why) === undefined ? "" : `, and ${denied(why)}`}; no response header grants it`,
    advice: [client(`${permission}, or serve the page and the API from the same network`)],
  };
}

function denied(why: string | undefined): string | undefined {
  if (why === "denied") return "the permission was denied";
  if (why === "insecure") return "a page that is not on https cannot get it";
  if (why === "frame") return "the page's frame may not ask for it";
  return undefined;
}

/** Chrome 98 to 141 asked the server, and some of its derivatives still do. */
function privateNetworkPreflight({ url }: BlockFacts): Words {
  return {
    says: `${url === undefined ? "the server" : show(url)} is on this machine or the local network, and its preflight response has no \`Access-Control-Allow-Private-Network: true\``,
    why: "this version of the browser asks a local server whether public pages may reach it (Private Network Access)",
    advice: [
      server(
        "respond to a preflight that has `Access-Control-Request-Private-Network` with `Access-Control-Allow-Private-Network: true`, only to the origins that may reach it",
      ),
      client("update the browser: Chrome 142 and later ask the user for a permission instead"),
    ],
  };
}

/** The page itself said where the resource is (`targetAddressSpace`). */
function wrongTargetSpace({ value, offending }: BlockFacts): Words {
  const declared = value === undefined || value === null ? undefined : value;
  return {
    says: `the page declared ${declared === undefined || declared === "unknown" ? "no matching" : `the address space ${show(declared)} as`} \`targetAddressSpace\`, and the address is ${offending === undefined ? "in another one" : `in ${show(offending)}`}`,
    why: "the browser compares the two once it has connected, and ends the request where they differ (Local Network Access)",
    advice: [
      client(
        offending === undefined
          ? "correct `targetAddressSpace` in the page's `fetch`, or leave it out"
          : `\`targetAddressSpace: ${JSON.stringify(offending)}\` in the page's \`fetch\`, or leave the option out`,
      ),
    ],
  };
}
