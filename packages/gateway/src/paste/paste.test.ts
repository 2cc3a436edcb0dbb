import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isCurl, isFetchCall, readCurl, readFetchCall, type PastedRequest } from "./index.ts";

function read(text: string): PastedRequest {
  const result = isCurl(text) ? readCurl(text) : readFetchCall(text);
  assert.ok(!("say" in result), JSON.stringify(result));
  return result;
}

void suite("cURL commands", () => {
  test("a command copied from Chromium keeps the page's headers and drops the browser's", () => {
    const pasted = read(`curl 'https://api.example.com/users?x=1' \\
  -X 'PUT' \\
  -H 'accept: */*' \\
  -H 'content-type: application/json' \\
  -H 'x-auth-token: abc' \\
  -H 'origin: https://app.example.com' \\
  -H 'referer: https://app.example.com/list' \\
  -H 'sec-ch-ua: "Chromium";v="156"' \\
  -H 'sec-fetch-mode: cors' \\
  -b 'sid=1' \\
  -H $'x-odd: it\\'s' \\
  --data-raw '{"name":"a"}'`);
    assert.equal(pasted.method, "PUT");
    assert.equal(pasted.url, "https://api.example.com/users?x=1");
    assert.equal(pasted.origin, "https://app.example.com");
    assert.equal(pasted.credentials, "include");
    assert.equal(pasted.body, '{"name":"a"}');
    assert.deepEqual(pasted.headers, [
      ["accept", "*/*"],
      ["content-type", "application/json"],
      ["x-auth-token", "abc"],
      ["x-odd", "it's"],
    ]);
  });

  test("a command copied from Chromium on Windows", () => {
    const pasted = read(
      'curl ^"https://api.example.com/a?b=1^&c=2^" ^\r\n  -H ^"x-a: 1^" ^\r\n  --data-raw ^"x=1^"',
    );
    assert.equal(pasted.url, "https://api.example.com/a?b=1&c=2");
    assert.equal(pasted.method, "POST");
    assert.deepEqual(pasted.headers[0], ["x-a", "1"]);
  });

  test("the usual short options", () => {
    assert.equal(read("curl -XDELETE api.test/x").method, "DELETE");
    assert.equal(read("curl api.test/x").url, "http://api.test/x");
    assert.equal(read("curl -I https://a.test/").method, "HEAD");
    assert.equal(read("curl -G -d a=1 https://a.test/").url, "https://a.test/?a=1");
    assert.deepEqual(read("curl -u a:b https://a.test/").headers, [
      ["Authorization", "Basic YTpi"],
    ]);
    assert.deepEqual(read("curl --json '{}' https://a.test/").headers[0], [
      "Content-Type",
      "application/json",
    ]);
    assert.equal(read("curl -o out.json https://a.test/ | jq .").url, "https://a.test/");
  });

  test("unreadable input is reported with a workaround", () => {
    for (const text of ["curl 'https://a.test/", "curl -X PUT", "curl"]) {
      const fault = readCurl(text);
      assert.ok("say" in fault && fault.fix !== "", text);
    }
  });
});

void suite("fetch calls", () => {
  test("a call copied from DevTools", () => {
    const pasted = read(`fetch("https://api.example.com/users", {
  "headers": { "accept": "*/*", "content-type": "application/json", "sec-ch-ua": "x" },
  "referrer": "https://app.example.com/",
  "body": "{}",
  "method": "POST",
  "mode": "cors",
  "credentials": "include"
});`);
    assert.equal(pasted.method, "POST");
    assert.equal(pasted.origin, "https://app.example.com");
    assert.equal(pasted.credentials, "include");
    assert.equal(pasted.mode, "cors");
    assert.deepEqual(
      pasted.headers.map(([name]) => name),
      ["accept", "content-type"],
    );
  });

  test("a call from source code, with values known only at run time", () => {
    const pasted = read(
      "const r = await fetch('https://api.test/' + 'a', { method: 'PATCH', headers: { Authorization: `Bearer ${token}` }, body: JSON.stringify(user) }).then((r) => r.json());",
    );
    assert.equal(pasted.url, "https://api.test/a");
    assert.equal(pasted.method, "PATCH");
    assert.deepEqual(pasted.headers, [["Authorization", "x"]]);
    assert.equal(pasted.body, "{}");
    assert.match(pasted.notes.join(), /Authorization/);
  });

  test("the text is never executed, and unreadable input is reported", () => {
    assert.ok(isFetchCall("await window; fetch(url)"));
    for (const text of ["fetch(url)", "fetch('https://a.test/'", "fetch(", "no call"]) {
      const fault = readFetchCall(text);
      assert.ok("say" in fault && fault.fix !== "", text);
    }
  });
});
