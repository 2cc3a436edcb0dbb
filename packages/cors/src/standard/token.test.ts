import assert from "node:assert/strict";
import { test } from "node:test";
import { isHeaderName } from "./header-name.ts";
import { isMethod } from "./method.ts";
import { asciiLowercase, isToken } from "./token.ts";

test("a token is visible ASCII without the separators", () => {
  for (let code = 0; code < 0x180; code++) {
    const char = String.fromCharCode(code);
    const expected = code > 0x20 && code < 0x7f && !'"(),/:;<=>?@[\\]{}'.includes(char);
    assert.equal(isToken(char), expected, `U+${code.toString(16)}`);
  }
  assert.ok(!isToken("") && isHeaderName("*") && isMethod("M-SEARCH"));
});

test("lower-casing affects ASCII letters only", () => {
  assert.equal(asciiLowercase("AbZ-9"), "abz-9");
  assert.equal(asciiLowercase("\u212aA\u0130"), "\u212aa\u0130");
});
