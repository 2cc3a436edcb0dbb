// What a message of HTTP/1.1 is, once more: by regular expressions over the whole text, from the ABNF
// of RFC 9110 and RFC 9112, and with the strictness that the gateway promises. It shares no code with
// the gateway, so that a mistake would have to be made twice to pass.

export interface Judged {
  readonly method: string;
  readonly target: string;
  readonly status: number;
  readonly version: string;
  /** Flat. */
  readonly fields: readonly string[];
  readonly body: string;
  /** How many characters the message has; what follows is another's. */
  readonly length: number;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const strictLines = `(?:${token}:[\\t\\x20-\\x7e\\x80-\\xff]*\\r\\n)*`;
const faithfulLines = `(?:${token}:[^\\0\\r\\n]*\\r\\n)*`;
const requestHead = new RegExp(
  `^(?:\\r\\n)?(${token}) ([\\x21-\\x7e]+) HTTP/(1\\.[01])\\r\\n(${strictLines})\\r\\n`,
);
const responseHead = (lines: string): RegExp =>
  new RegExp(
    `^HTTP/(1\\.[01]) ([1-5]\\d\\d)(?: [\\t\\x20-\\x7e\\x80-\\xff]*)?\\r\\n(${lines})\\r\\n`,
  );
const strictResponse = responseHead(strictLines);
const faithfulResponse = responseHead(faithfulLines);
const quotedString = String.raw`"(?:[\t\x20\x21\x23-\x5b\x5d-\x7e]|\\[\t\x20-\x7e])*"`;
const chunkSize = new RegExp(
  `([0-9A-Fa-f]{1,13})((?:;${token}(?:=(?:${token}|${quotedString}))?)*)\\r\\n`,
  "y",
);
const trailers = new RegExp(`${strictLines}\\r\\n`, "y");

/** The request at the start of this text (a character a byte); undefined: there is none, or not all. */
export function judgeRequest(text: string): Judged | undefined {
  const match = requestHead.exec(text);
  if (match === null) return undefined;
  const [head, method, target, version, lines] = match as unknown as string[];
  const fields = fieldsOf(lines!);
  if (fields.some((name, i) => i % 2 === 0 && /^(content_length|transfer_encoding)$/i.test(name)))
    return undefined;
  const body = bodyAt(text, head!.length, fields, version!, "none");
  if (body === undefined) return undefined;
  return {
    method: method!,
    target: target!,
    status: 0,
    version: version!,
    fields,
    ...body,
  };
}

/** The final response to a `method` request; `values` as the reader's. The connection ends with the text. */
export function judgeResponse(
  text: string,
  method = "GET",
  values: "strict" | "faithful" = "strict",
): Judged | undefined {
  let from = 0;
  for (let interim = 0; ; interim++) {
    const match = (values === "strict" ? strictResponse : faithfulResponse).exec(text.slice(from));
    if (match === null || interim > 10) return undefined;
    const [head, version, digits, lines] = match as unknown as string[];
    const status = Number(digits);
    if (status === 101) return undefined;
    from += head!.length;
    if (status < 200) continue;
    const fields = fieldsOf(lines!);
    const bare = method === "HEAD" || status === 204 || status === 304;
    const body = bodyAt(text, from, fields, version!, "until-close", bare);
    if (body === undefined) return undefined;
    return { method: "", target: "", status, version: version!, fields, ...body };
  }
}

function fieldsOf(lines: string): string[] {
  return lines
    .split("\r\n")
    .slice(0, -1)
    .flatMap((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, "")];
    });
}

function valuesOf(fields: readonly string[], name: string): string[] {
  return fields.filter((_, i) => i % 2 === 1 && fields[i - 1]!.toLowerCase() === name);
}

function bodyAt(
  text: string,
  from: number,
  fields: readonly string[],
  version: string,
  otherwise: "none" | "until-close",
  bare = false,
): { body: string; length: number } | undefined {
  const lengths = valuesOf(fields, "content-length");
  const codings = valuesOf(fields, "transfer-encoding");
  if (lengths.length + codings.length > 1) return undefined;
  if (lengths.length === 1 && !/^\d{1,15}$/.test(lengths[0]!)) return undefined;
  if (codings.length === 1 && (version === "1.0" || !/^chunked$/i.test(codings[0]!)))
    return undefined;
  if (bare) return { body: "", length: from };
  if (codings.length === 1) return chunkedAt(text, from);
  if (lengths.length === 1) {
    const end = from + Number(lengths[0]);
    return end > text.length ? undefined : { body: text.slice(from, end), length: end };
  }
  if (otherwise === "none") return { body: "", length: from };
  return { body: text.slice(from), length: text.length };
}

function chunkedAt(text: string, start: number): { body: string; length: number } | undefined {
  let body = "";
  let extensions = 0;
  for (let at = start; ;) {
    chunkSize.lastIndex = at;
    const match = chunkSize.exec(text);
    if (match === null) return undefined;
    extensions += match[2]!.length;
    if (extensions > 4096) return undefined;
    const size = Number.parseInt(match[1]!, 16);
    at += match[0].length;
    if (size === 0) {
      trailers.lastIndex = at;
      const last = trailers.exec(text);
      return last === null ? undefined : { body, length: at + last[0].length };
    }
    if (text.slice(at + size, at + size + 2) !== "\r\n") return undefined;
    body += text.slice(at, at + size);
    at += size + 2;
  }
}
