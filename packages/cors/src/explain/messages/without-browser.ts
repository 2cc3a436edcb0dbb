// What is printed without a browser: by a simulated page of a test, by Node, by React Native.

import type { Wording } from "./wording.ts";

/** Not browsers: what simulates a page in a test, and what runs a page's code without one. */
export const withoutBrowser: readonly (Wording & {
  readonly engine: "jsdom" | "happy-dom" | "node" | "react-native";
})[] = [
  {
    engine: "jsdom",
    reason: "simulated-page",
    pattern: /Cross origin ([^ ]{1,600}) forbidden/,
    holes: ["origin"],
  },
  {
    engine: "jsdom",
    reason: "simulated-page",
    pattern: /(?:(?<![^\n])|Error: )(?:Header|Headers) ([\w-]{1,100}) forbidden(?=$|[\s.])/,
    holes: ["name"],
  },
  {
    engine: "jsdom",
    reason: "simulated-page",
    pattern: /Error: Response for preflight has invalid HTTP status code (\d{3})/,
    holes: ["status"],
  },
  {
    engine: "happy-dom",
    reason: "simulated-page",
    pattern:
      /Cross-Origin Request Blocked: The Same Origin Policy diss?allows reading the remote resource at "([^" ]{1,4096})"/,
    holes: ["url"],
  },
  {
    engine: "node",
    reason: "no-browser",
    pattern:
      /TypeError: fetch failed(?:.{0,600}?\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|UND_ERR_\w{1,40}|CERT_\w{1,40}|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|ERR_TLS_CERT_ALTNAME_INVALID|ERR_SSL_\w{1,60})\b)?/,
    holes: ["name"],
  },
  {
    engine: "node",
    reason: "no-browser",
    pattern:
      /(?:AxiosError|FetchError|Error): (?:[^\n]{0,200}?reason: )?(?:connect|getaddrinfo|read|write) (ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|EPIPE)/,
    holes: ["name"],
  },
  {
    engine: "react-native",
    reason: "no-browser",
    pattern: /(?:TypeError|Error): Network request failed/,
  },
];
