// Chromium's names for the reasons (CorsError of its DevTools protocol): its Network panel shows one when the pointer rests on
// `CORS error`, and tools that drive the browser log them.

import type { PanelRow } from "./wording.ts";

type Meaning = Omit<PanelRow, "engine" | "label">;

const preflight = { at: "preflight" } as const;
const local = (why?: string): Meaning => ({
  reason: "local-network-access",
  ...(why === undefined ? {} : { fixed: { why } }),
});

/** Those of an answer have a twin for the preflight's answer. */
const ofAnswers: Readonly<Record<string, Meaning>> = {
  WildcardOriginNotAllowed: { reason: "acao-wildcard-credentials", fixed: { value: "*" } },
  MissingAllowOriginHeader: { reason: "acao-missing" },
  MultipleAllowOriginValues: { reason: "acao-multiple" },
  InvalidAllowOriginValue: { reason: "acao-invalid" },
  AllowOriginMismatch: { reason: "acao-mismatch" },
  InvalidAllowCredentials: { reason: "acac-not-true" },
};

const others: Readonly<Record<string, Meaning>> = {
  DisallowedByMode: { reason: "mode-same-origin" },
  CorsDisabledScheme: { reason: "scheme-not-cors" },
  PreflightInvalidStatus: { reason: "preflight-status", ...preflight },
  PreflightDisallowedRedirect: { reason: "preflight-redirect", ...preflight },
  PreflightMissingAllowPrivateNetwork: { ...local("preflight"), ...preflight },
  PreflightInvalidAllowPrivateNetwork: { ...local("preflight"), ...preflight },
  InvalidAllowMethodsPreflightResponse: { reason: "acam-unparsable", ...preflight },
  InvalidAllowHeadersPreflightResponse: { reason: "acah-unparsable", ...preflight },
  MethodDisallowedByPreflightResponse: { reason: "method-not-allowed", ...preflight },
  HeaderDisallowedByPreflightResponse: { reason: "header-not-allowed", ...preflight },
  RedirectContainsCredentials: { reason: "redirect-credentials" },
  NoCorsRedirectModeNotFollow: { reason: "redirect-mode" },
  InsecurePrivateNetwork: local("insecure"),
  InsecureLocalNetwork: local("insecure"),
  InvalidPrivateNetworkAccess: local("target"),
  InvalidLocalNetworkAccess: local("target"),
  UnexpectedPrivateNetworkAccess: local(),
  PrivateNetworkAccessPermissionDenied: local("denied"),
  LocalNetworkAccessPermissionDenied: local("denied"),
};

const codes: readonly (readonly [code: string, meaning: Meaning])[] = [
  ...Object.entries(ofAnswers),
  ...Object.entries(ofAnswers).map(
    ([code, meaning]) => [`Preflight${code}`, Object.assign({}, meaning, preflight)] as const,
  ),
  ...Object.entries(others),
];

export const corsErrorCodes: readonly PanelRow[] = codes.flatMap(([code, meaning]) =>
  [
    `Cross-Origin Resource Sharing error: ${code}`,
    `"corsError":"${code}"`,
    `corsError: '${code}'`,
  ].map((label) => Object.assign({ engine: "chromium" as const, label }, meaning)),
);
