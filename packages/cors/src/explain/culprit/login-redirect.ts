// Is this a redirect to a login page? Such a page is not what the request wanted, and must not be opened to other
// origins.

/** A part of a host or a path: between dots, slashes, dashes and underscores. */
const word =
  /(?:^|[./_-])(?:log[-_]?in|log[-_]?on|sign[-_]?in|auth[nz]?|oauth2?|authorize|authenticate|sso|saml2?|oidc|openid(?:-connect)?|idp|adfs|keycloak)(?=$|[./_?-])/i;
const host = /^(?:accounts?|cas|login|id|identity)\./i;
const returning =
  /[?&](?:redirect_ur[il]|return_?to|return_?ur[il]|rd|RelayState|SAMLRequest|response_type)=/i;

/** `from` and `to` are absolute URLs. */
export function isLoginRedirect(from: string, to: string): boolean {
  if (!URL.canParse(from) || !URL.canParse(to)) return false;
  const asked = new URL(from);
  const target = new URL(to);
  if (asked.hostname === target.hostname && same(asked.pathname) === same(target.pathname))
    return false;
  const isNewPlace = !word.test(asked.pathname);
  const names = `${target.hostname}${target.pathname}`;
  const isLogin = word.test(names) || host.test(target.hostname) || returning.test(target.search);
  return isNewPlace && isLogin;
}

/** The same resource by another spelling of its URL (final slash, scheme, `www.`), or on another host. */
export function isSameResource(from: string, to: string): boolean {
  if (!URL.canParse(from) || !URL.canParse(to)) return false;
  const asked = new URL(from);
  const target = new URL(to);
  if (same(asked.pathname) !== same(target.pathname)) return false;
  const bare = (name: string): string => name.replace(/^www\./, "");
  if (bare(asked.hostname) === bare(target.hostname)) return true;
  // The start page of another host may be anything.
  return same(asked.pathname) !== "" && !isLoginRedirect(from, to);
}

function same(path: string): string {
  return path.replace(/\/$/, "");
}
