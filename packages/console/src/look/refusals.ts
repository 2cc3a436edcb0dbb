// Why a request was refused, as a clause. A code that is not in the table is shown as it is.

const clauses: Readonly<Record<string, string>> = {
  "origin-not-allowed": "the policy does not list the page's origin",
  "origin-malformed": "the Origin header is not one origin",
  "site-not-allowed": "a page of another site, and the policy refuses its requests",
  "method-not-allowed": "the policy does not list the method",
  "header-not-allowed": "the policy does not list a header that the page wants to send",
  "headers-malformed": "the list of requested headers cannot be read",
};

export function refusalInWords(code: string): string {
  return clauses[code] ?? code;
}
