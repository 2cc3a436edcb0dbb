// What people paste: lines of a console, wrapped by a terminal or a mail program, from a web page, a chat, Markdown, JSON
// or a log. Everything that may be part of a message is kept; only the packaging is removed.

/** Characters of a paste that are read: 256 KiB. A console of that length holds every message many times. */
export const longestPaste: number = 256 * 1024;

/**
 * The text as it is, and then with more and more packaging removed: a value may contain quotes or markup, so these are
 * removed only if the text makes less sense with them.
 */
export function* readings(text: string): Generator<string> {
  const plain = straighten(text.slice(0, longestPaste));
  yield plain;
  const bare = undress(plain);
  if (bare !== plain) yield bare;
  if (bare.includes('"')) yield bare.replaceAll('"', "'");
}

/** Straight quotes, single white space (a line break is kept as one), no colours, no quoting from mails. */
export function straighten(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex
      .replace(/\x1b\[[0-9;]*[A-Za-z]/g, "")
      .replace(/^[ \t]*(?:[>\u2022\u00b7\u25aa\u25e6][ \t]?)+/gm, "")
      .replace(/&(?:#0*39|#x27|apos|lsquo|rsquo);/gi, "'")
      .replace(/&(?:quot|#0*34|ldquo|rdquo);/gi, '"')
      // A button next to the line, which Chromium copies along.
      .replace(/Understand this (?:error|warning)(?:AI)?/g, " ")
      // Curly quotes that were decoded as something else.
      .replace(/\u00e2\u20ac[\u02dc\u2122]|\ufffd+/g, "'")
      .replace(/\u00e2\u20ac(?:\u0153|\u009d|\ufffd)/g, '"')
      .replace(/[`\u2018\u2019\u201a\u201b\u2032\u00b4\u300c\u300d\u300e\u300f]/g, "'")
      .replace(/[\u00ab\u00bb\u2039\u203a]/g, "'")
      .replace(/[\u201c\u201d\u201e\u201f\u2033\uff02]/g, '"')
      .replace(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, "")
      .replace(/[^\S\n]+/g, " ")
      .replace(/ ?\n\s*/g, "\n")
      .trim()
  );
}

/** Without tags, entities, Markdown and the escapes of JSON. */
function undress(text: string): string {
  return text
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replace(/\\[nrt]/g, " ")
    .replace(/\\(["'/])/g, "$1")
    .replace(/<(?:br|\/p|\/div|\/li|\/tr)[^<>]{0,40}>/gi, "\n")
    .replace(/<(https?:[^<>\s]{1,2048})>/gi, "$1")
    .replace(/<\/?[a-z][^<>]{0,2000}>/gi, "")
    .replace(/&nbsp;/gi, " ")
    .replace(/&lt;/gi, "<")
    .replace(/&gt;/gi, ">")
    .replace(/&amp;/gi, "&")
    .replace(/\[([^\][\s]{1,2048})\]\([^()\s]{1,2048}\)/g, "$1")
    .replace(/^[ \t]*(?:[-*+]|\d{1,2}[.)])[ \t]+/gm, "")
    .replace(/\*\*|~~/g, "")
    .replace(/[\u2018\u2019\u201a\u201b]/g, "'")
    .replace(/[\u201c\u201d\u201e]/g, '"')
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n\s*/g, "\n")
    .trim();
}
