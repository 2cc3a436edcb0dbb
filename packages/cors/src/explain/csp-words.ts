// A Content Security Policy that stopped something, in words. It is the page's own: the requested server has no part in it.

import type { BlockFacts } from "./block-facts.ts";
import { show } from "./bytes-shown.ts";
import { hostOf } from "./host-shown.ts";
import { client, type Words } from "./recommendation.ts";

export function cspBlocked({ directive, standIn, url, passes, why }: BlockFacts): Words {
  const which = directive ?? "connect-src";
  if (why !== undefined) return cspCode(which, why);
  // To add the host to the directive that stands in would allow it for everything else as well.
  return {
    says: `the page's Content Security Policy does not list ${url === undefined ? "the URL" : show(url)} in \`${which}\`${standIn === undefined ? "" : ` (it has none, so \`${standIn}\` applies)`}`,
    why: passes
      ? "it is report-only: the request is sent"
      : "the page's own policy forbids requests to that host; the requested server cannot change that and never received the request",
    advice: [
      client(
        `add ${hostOf(url)} to \`${which}\`${standIn === undefined ? "" : `, with what \`${standIn}\` lists,`} in the \`Content-Security-Policy\` of the page (a header of the page's server, or its \`<meta>\`)`,
      ),
    ],
  };
}

const cspSubjects: Readonly<Record<string, string>> = {
  inline: "code or styles written into the page itself",
  eval: "a string as code (`eval`, `new Function`, a timer with a string)",
  wasm: "WebAssembly",
};

/** No request at all: what the page would have run. */
function cspCode(directive: string, why: string): Words {
  return {
    says: `the page's Content Security Policy (\`${directive}\`) forbids ${cspSubjects[why] ?? "this"}`,
    why: "that is about code in the page, not about a request; no server's CORS headers change it",
    advice: [
      client(
        why === "inline"
          ? `move it to a file of its own, or allow exactly this one in \`${directive}\` by a hash or a nonce`
          : why === "wasm"
            ? `add \`'wasm-unsafe-eval'\` to \`${directive}\` if the page needs WebAssembly`
            : `use code that does without it; \`'unsafe-eval'\` in \`${directive}\` allows it for everything`,
      ),
    ],
  };
}
