// What a client sent, as it may stand in a log: cut, and no control or bidirectional character of it
// reaches a terminal or splits a line.

export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}

/** As JSON writes it: `\u0085`. */
function escapeCharacter(char: string): string {
  return String.raw`\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** What JSON would leave as it is, though a terminal acts on it. */
const unsafe = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
/** Of plain text nothing has to be escaped; nearly all text is plain. */
const plain = /^[ !#-[\]-~]*$/;

/** As JSON, quotation marks included. */
export function quoted(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text).replace(unsafe, escapeCharacter);
}

/** No origin has user info: a hostile one may bring somebody's password into the log. */
export function shownOrigin(origin: string): string {
  const at = origin.lastIndexOf("@");
  if (at < 0) return origin;
  const scheme = origin.indexOf("://");
  return `${scheme < 0 ? "" : origin.slice(0, scheme + 3)}…${origin.slice(at)}`;
}
