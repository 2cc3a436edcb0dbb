// Which cookies went along with the last request, and why others did not: one line each.

import { show, showAll } from "./bytes-shown.ts";
import type { CookieAbsence } from "../browser/cookie-jar.ts";
import type { Verdict } from "../browser/verdict.ts";

/** Nothing where no cookies are known. */
export function cookieWords({ cookies = [], outcome }: Verdict): readonly string[] {
  const last = cookies.reduce((hop, fate) => Math.max(hop, fate.hop), 0);
  const fates = cookies.filter(({ hop, because }) => hop === last || isRejected(because));
  const sent = fates.filter((fate) => fate.sent).map(({ name }) => name);
  const lines =
    sent.length === 0 ? [] : [`${showAll(sent)} ${sent.length > 1 ? "are" : "is"} sent`];
  for (const fate of fates)
    if (fate.because !== undefined)
      lines.push(
        `${outcome === "blocked" ? "" : `${outcome}, but `}without ${show(fate.name)}: ${absences[fate.because]}`,
      );
  return lines;
}

function isRejected(because: CookieAbsence | undefined): boolean {
  return because !== undefined && rejections.has(because);
}

const rejections: ReadonlySet<CookieAbsence> = new Set([
  "malformed",
  "public-suffix",
  "secure-from-http",
  "none-without-secure",
  "prefix",
]);

/** Why a cookie stays behind: a clause. */
export const absences: Readonly<Record<CookieAbsence, string>> = {
  credentials:
    'the request has no credentials (`credentials: "include"` sends them to another origin)',
  domain: "it belongs to another host",
  path: "its `Path` does not cover the URL",
  secure: "it is `Secure` and the URL is not https",
  "same-site-strict": "it is `SameSite=Strict` and the page is cross-site",
  "same-site-lax": "it is `SameSite=Lax` and the page is cross-site",
  "same-site-unset": "it has no `SameSite`, which counts as `Lax`, and the page is cross-site",
  "third-party": "the browser blocks third-party cookies",
  malformed: "browsers do not store a cookie that is written like this",
  "public-suffix": "its `Domain` is a public suffix, so browsers do not store it",
  "secure-from-http": "it is `Secure`, and an http URL cannot set it",
  "none-without-secure": "it is `SameSite=None` without `Secure`, so browsers do not store it",
  prefix:
    "its name begins with `__Host-` or `__Secure-`, and its attributes do not meet its rules (Secure; for `__Host-` also Path=/ and no Domain)",
  "same-site-from-other-site": "a cross-site response cannot set it",
};
