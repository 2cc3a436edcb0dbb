// What the Network panels show in the row of a request, for when the console's line is not available.

import { corsErrorCodes } from "./cors-error-codes.ts";
import type { PanelRow } from "./wording.ts";

/** Firefox: BLOCKED_REASON_MESSAGES of its Network panel, in the column `Transferred`. */
const firefox: readonly PanelRow[] = [
  {
    engine: "firefox",
    label: "CORS disabled",
    reason: "network-error",
    fixed: { why: "CORS is switched off in this browser (`content.cors.disable`)" },
  },
  { engine: "firefox", label: "CORS Failed", reason: "network-error" },
  { engine: "firefox", label: "CORS Not HTTP", reason: "scheme-not-cors" },
  { engine: "firefox", label: "CORS Multiple Origin Not Allowed", reason: "acao-multiple" },
  { engine: "firefox", label: "CORS Missing Allow Origin", reason: "acao-missing" },
  {
    engine: "firefox",
    label: "CORS No Allow Credentials",
    reason: "acao-wildcard-credentials",
    fixed: { value: "*" },
  },
  {
    engine: "firefox",
    label: "CORS Allow Origin Not Matching Origin",
    reason: "acao-mismatch",
  },
  { engine: "firefox", label: "CORS Missing Allow Credentials", reason: "acac-not-true" },
  {
    engine: "firefox",
    label: "CORS Origin Header Missing",
    reason: "network-error",
    fixed: { why: "the browser could not add its `Origin` header" },
  },
  {
    engine: "firefox",
    label: "CORS External Redirect Not Allowed",
    reason: "preflight-redirect",
    at: "preflight",
  },
  {
    engine: "firefox",
    label: "CORS Preflight Did Not Succeed",
    reason: "preflight-status",
    at: "preflight",
  },
  {
    engine: "firefox",
    label: "CORS Invalid Allow Method",
    reason: "acam-unparsable",
    at: "preflight",
  },
  {
    engine: "firefox",
    label: "CORS Method Not Found",
    reason: "method-not-allowed",
    at: "preflight",
  },
  {
    engine: "firefox",
    label: "CORS Invalid Allow Header",
    reason: "acah-unparsable",
    at: "preflight",
  },
  {
    engine: "firefox",
    label: "CORS Missing Allow Header",
    reason: "header-not-allowed",
    at: "preflight",
  },
  { engine: "firefox", label: "Mixed Block", reason: "mixed-content" },
  { engine: "firefox", label: "CSP", reason: "csp-blocked" },
  { engine: "firefox", label: "Not same-origin", reason: "mode-same-origin" },
  { engine: "firefox", label: "Blocked By Extension", reason: "content-blocker" },
  { engine: "firefox", label: "Blocked by DevTools", reason: "content-blocker" },
  { engine: "firefox", label: "Tracking", reason: "content-blocker" },
  // What every refusal of the CORS listener comes to; the console has the reason.
  { engine: "firefox", label: "NS_ERROR_DOM_BAD_URI", reason: "unspecified" },
  {
    engine: "firefox",
    label: "NS_ERROR_LOCAL_NETWORK_ACCESS_DENIED",
    reason: "local-network-access",
    fixed: { why: "denied" },
  },
  { engine: "firefox", label: "NS_ERROR_DOM_CORP_FAILED", reason: "corp-blocked" },
  { engine: "firefox", label: "NS_ERROR_DOM_COEP_FAILED", reason: "coep-blocked" },
  {
    engine: "firefox",
    label: "NS_ERROR_BLOCKED_BY_POLICY",
    reason: "network-error",
    fixed: { why: "a policy of this browser or machine blocks the URL" },
  },
  { engine: "firefox", label: "NS_ERROR_TRACKING_URI", reason: "content-blocker" },
  { engine: "firefox", label: "NS_ERROR_XFO_VIOLATION", reason: "frame-refused" },
  { engine: "firefox", label: "NS_ERROR_CSP_FRAME_ANCESTOR_VIOLATION", reason: "frame-refused" },
  { engine: "firefox", label: "NS_ERROR_INTERCEPTION_FAILED", reason: "service-worker" },
  { engine: "firefox", label: "NS_ERROR_REDIRECT_LOOP", reason: "redirect-count" },
  { engine: "firefox", label: "NS_ERROR_UNKNOWN_PROTOCOL", reason: "scheme-not-cors" },
  {
    engine: "firefox",
    label: "NS_ERROR_NET_INTERRUPT",
    reason: "network-error",
    fixed: { why: "the connection broke" },
  },
  {
    engine: "firefox",
    label: "NS_ERROR_NET_PARTIAL_TRANSFER",
    reason: "network-error",
    fixed: { why: "the connection broke before the body's end" },
  },
  {
    engine: "firefox",
    label: "NS_ERROR_NET_EMPTY_RESPONSE",
    reason: "network-error",
    fixed: { why: "the server closed the connection without a response" },
  },
  {
    engine: "firefox",
    label: "NS_ERROR_PROXY_CONNECTION_REFUSED",
    reason: "network-error",
    fixed: { why: "this browser's proxy cannot be reached" },
  },
  {
    engine: "firefox",
    label: "NS_ERROR_OFFLINE",
    reason: "network-error",
    fixed: { why: "this machine has no network" },
  },
  { engine: "firefox", label: "NS_BINDING_ABORTED", reason: "request-aborted" },
  {
    engine: "firefox",
    label: "NS_ERROR_CONNECTION_REFUSED",
    reason: "network-error",
    fixed: { why: "nothing is listening on the server's port (connection refused)" },
  },
  {
    engine: "firefox",
    label: "NS_ERROR_UNKNOWN_HOST",
    reason: "network-error",
    fixed: { why: "the host's name cannot be resolved" },
  },
  {
    engine: "firefox",
    label: "NS_ERROR_NET_RESET",
    reason: "network-error",
    fixed: { why: "the server broke the connection" },
  },
  {
    engine: "firefox",
    label: "NS_ERROR_NET_TIMEOUT",
    reason: "network-error",
    fixed: { why: "the server did not respond in time" },
  },
];

/** Firefox's names for a certificate or a TLS that it refuses. */
const certificates: readonly PanelRow[] = [
  "SEC_ERROR_UNKNOWN_ISSUER",
  "SEC_ERROR_EXPIRED_CERTIFICATE",
  "SEC_ERROR_REVOKED_CERTIFICATE",
  "SSL_ERROR_BAD_CERT_DOMAIN",
  "SSL_ERROR_RX_RECORD_TOO_LONG",
  "SSL_ERROR_NO_CYPHER_OVERLAP",
  "SSL_ERROR_UNSUPPORTED_VERSION",
  "MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT",
].map((label) => ({ engine: "firefox", label, reason: "certificate", fixed: { value: label } }));

/** Chromium: the column `Status`. */
const chromium: readonly PanelRow[] = [
  { engine: "chromium", label: "CORS error", reason: "unspecified" },
  { engine: "chromium", label: "(blocked:origin)", reason: "unspecified" },
  { engine: "chromium", label: "(blocked:csp)", reason: "csp-blocked" },
  { engine: "chromium", label: "(blocked:mixed-content)", reason: "mixed-content" },
  { engine: "chromium", label: "(blocked:other)", reason: "content-blocker" },
  { engine: "chromium", label: "(blocked:devtools)", reason: "content-blocker" },
  { engine: "chromium", label: "(blocked:subresource-filter)", reason: "content-blocker" },
  {
    engine: "chromium",
    label: "(blocked:NotSameOrigin)",
    reason: "corp-blocked",
    fixed: { value: "same-origin" },
  },
  {
    engine: "chromium",
    label: "(blocked:NotSameSite)",
    reason: "corp-blocked",
    fixed: { value: "same-site" },
  },
  {
    engine: "chromium",
    label: "(blocked:NotSameOriginAfterDefaultedToSameOriginByCoep)",
    reason: "coep-blocked",
    fixed: { value: "coep" },
  },
  {
    engine: "chromium",
    label: "(blocked:CoepFrameResourceNeedsCoepHeader)",
    reason: "coep-blocked",
    fixed: { value: "frame" },
  },
  {
    engine: "chromium",
    label: "(blocked:NotSameOriginAfterDefaultedToSameOriginByDip)",
    reason: "coep-blocked",
    fixed: { value: "dip" },
  },
  { engine: "chromium", label: "(canceled)", reason: "request-aborted" },
  { engine: "chromium", label: "(cancelled)", reason: "request-aborted" },
];

/** Words that stand in other texts as well: they count in a line of their own, or in a row of the panel. */
const cell =
  "(?:[A-Z]{3,7}|\\d{3}|[a-z]+:\\/\\/[^ \\n]{1,2000}|[\\w.-]+\\.[a-z]{2,8}|\\/[^ \\n]{0,2000})";
const inRow: Readonly<Record<string, string>> = {
  CSP: `(?:${cell} ){0,6}`,
  Tracking: `(?:${cell} ){0,6}`,
  "CORS error": "(?:[^ \\n]{1,300} ){0,2}",
  "CORS Failed": "(?:[^ \\n]{1,300} ){0,4}",
  "CORS disabled": "(?:[^ \\n]{1,300} ){0,4}",
  "Mixed Block": "(?:[^ \\n]{1,300} ){0,4}",
};

export const panelRows: readonly (PanelRow & { readonly pattern: RegExp })[] = [
  ...firefox,
  ...certificates,
  ...corsErrorCodes,
  ...chromium,
].map((row) => {
  const escaped = row.label.replace(/[().]/g, "\\$&");
  const before = inRow[row.label];
  const pattern =
    before === undefined
      ? new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`, "g")
      : new RegExp(
          `^${before}${escaped}(?: (?:fetch|xhr|preflight|[\\d.]+|[\\w-]+\\.js).{0,200})?$`,
          "gm",
        );
  return Object.assign({ pattern }, row);
});
