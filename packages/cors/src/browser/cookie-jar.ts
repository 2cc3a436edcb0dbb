// The cookies of one browser during one request, and what became of each at every hop.

import type { Cookie, CookieRejection } from "./cookie.ts";

/** Why a cookie stays behind. */
export type CookieAbsence =
  | "credentials"
  | "domain"
  | "path"
  | "secure"
  | "same-site-strict"
  | "same-site-lax"
  | "same-site-unset"
  | "third-party"
  | CookieRejection;

/** What became of one cookie at one hop. */
export interface CookieFate {
  readonly name: string;
  readonly hop: number;
  readonly sent: boolean;
  /** holds: present <=> not sent */
  readonly because?: CookieAbsence;
}

/** The cookies of one browser. */
export class CookieJar {
  readonly kept: Cookie[] = [];
  readonly fates: CookieFate[] = [];

  /** Replaces the cookie of the same name, domain and path; an expired one removes it. */
  store(cookie: Cookie): void {
    const at = this.kept.findIndex(
      ({ name, domain, path, partitioned }) =>
        name === cookie.name &&
        domain === cookie.domain &&
        path === cookie.path &&
        partitioned === cookie.partitioned,
    );
    if (at >= 0) this.kept.splice(at, 1);
    if (!cookie.expired) this.kept.push(cookie);
  }
}
