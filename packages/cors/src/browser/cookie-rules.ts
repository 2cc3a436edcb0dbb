// What engines do with cookies, as data (see engine.ts). Each is read at one place in cookie.ts or cookies.ts.

/** What an engine does with cookies that RFC 6265bis and Fetch leave open, or in another way. */
export interface CookieRules {
  /** A cookie without `SameSite` counts as `Lax`. */
  readonly laxByDefault: boolean;
  /** `http` and `https` of one host are two sites. */
  readonly schemefulSameSite: boolean;
  /** To a page of plain localhost, x.localhost is the same site. */
  readonly localhostOwnsSubdomains: boolean;
  /** An http URL of this machine (localhost, 127.0.0.1) sets and gets `Secure` cookies. */
  readonly secureOnLoopback: boolean;
  /** A `Domain` that is a public suffix is refused even on the host of that name; elsewhere it is ignored there. */
  readonly refusesOwnSuffix: boolean;
  /** `SameSite=None` is kept only with `Secure`. */
  readonly noneNeedsSecure: boolean;
  /** The rules of `__Host-` and `__Secure-` are enforced. */
  readonly checksPrefixes: boolean;
  /** A `Domain` that repeats an address makes the cookie host-only. */
  readonly addressDomainIsHostOnly: boolean;
  /** A public suffix as `Domain` spoils `__Host-`, although the cookie is host-only. */
  readonly hostPrefixByAttribute: boolean;
  /** Third-party cookies that are not allowed live apart, for this page's site only, instead of not at all. */
  readonly partitionsThirdParty: boolean;
  /** A redirect over another site makes the request cross-site, even if it comes back. */
  readonly redirectsCount: boolean;
  /** A navigation that a redirect led from https to http is cross-site. */
  readonly downgradedNavigationsAreForeign: boolean;
  /** For so many seconds a cookie that is `Lax` by default goes along with a navigation's POST; 0: never. */
  readonly laxPostSeconds: number;
}
