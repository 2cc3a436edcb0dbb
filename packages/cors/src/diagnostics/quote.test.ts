import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cutEnd, escapeNonAscii, escapeUnsafe, isUnsafe, quote } from "./quote.ts";

test("characters that are invisible, move the cursor or reorder a line are escaped; other letters are kept", () => {
  assert.equal(quote("a\tb\r\n"), "`a\\tb\\r\\n`");
  assert.equal(
    quote("\u001b[31m\u009b\u202e\u200b\ud800"),
    "`\\x1b[31m\\x9b\\u202e\\u200b\\ud800`",
  );
  assert.equal(quote("Bücher 書 \u{1f600}"), "`Bücher 書 \u{1f600}`");
});

test("in text from the wire, every non-ASCII character is escaped, look-alikes included", () => {
  assert.equal(escapeNonAscii("h\u0442tps\u{1f600}\u00e9~"), "h\\u0442tps\\u{1f600}\\xe9~");
});

test("a long text is truncated at its end", () => {
  assert.equal(quote("x".repeat(80)), `\`${"x".repeat(80)}\``);
  assert.equal(quote("x".repeat(81)), `\`${"x".repeat(79)}…\``);
  assert.equal(cutEnd("abc", 2), "a…");
});

test("no unsafe character survives quoting, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      for (const char of escapeUnsafe(text)) assert.ok(!isUnsafe(char.codePointAt(0)!));
      assert.match(escapeNonAscii(text), /^[\x20-\x7e]*$/);
    }),
  );
});
