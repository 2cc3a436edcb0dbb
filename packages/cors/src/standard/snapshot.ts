// Which version of the Fetch standard this library follows. Every algorithm names its term; updating
// to a newer version is one reviewed change that starts here.

/** The commit of whatwg/fetch that `standard/` and `browser/` implement. */
export const snapshot: { readonly commit: string; readonly date: string } = {
  commit: "586cd2a",
  date: "2026-07-02",
};

/**
 * The address of a term of the Fetch standard.
 * @example link("concept-cors-check") // "https://fetch.spec.whatwg.org/#concept-cors-check"
 */
export function link(anchor: string): string {
  return `https://fetch.spec.whatwg.org/#${anchor}`;
}
