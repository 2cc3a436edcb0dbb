// Client text as it may appear in a log: truncated, and without any control or bidirectional character
// that could reach a terminal or split a line.

export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}

/** As JSON writes it: `\u0085`. */
function escapeCharacter(char: string): string {
  return String.raw`\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Characters that JSON would keep although a terminal acts on them. */
const unsafe = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
/** Plain text needs no escapes, and nearly all text is plain. */
const plain = /^[ !#-[\]-~]*$/;

/** As JSON, with quotation marks. */
export function quoted(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text).replace(unsafe, escapeCharacter);
}

/** An origin has no user info: a hostile one could bring a person's password into the log. */
export function shownOrigin(origin: string): string {
  const at = origin.lastIndexOf("@");
  if (at < 0) return origin;
  const scheme = origin.indexOf("://");
  return `${scheme < 0 ? "" : origin.slice(0, scheme + 3)}…${origin.slice(at)}`;
}
