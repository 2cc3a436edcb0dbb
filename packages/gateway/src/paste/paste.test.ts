import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { isFetchCall, readCurl, readFetchCall, readPaste, type PastedRequest } from "./index.ts";

const page = "https://app.example.com";

function read(text: string): PastedRequest {
  const result = readPaste(text);
  assert.ok(result !== undefined && !("say" in result), JSON.stringify(result));
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

  test("a command stands where people have it: behind a prompt, in a fence, above its output", () => {
    const asked = "curl -siX DELETE https://a.test/x -H 'Origin: https://app.example.com'";
    const quoted = "curl ‘https://a.test/x’ -X DELETE -H ‘Origin: https://app.example.com’";
    for (const text of [
      `$ ${asked}\nHTTP/1.1 200 OK\nIt's done`,
      `\`\`\`bash\n${asked}\n\`\`\``,
      `PS C:\\Users\\me> ${asked.replace("curl", "curl.exe")}`,
      `C:\\> ${asked}`,
      `# deletes it\nsudo ${asked} | jq .`,
      quoted,
    ]) {
      const { url, method, origin } = read(text);
      assert.deepEqual([url, method, origin], ["https://a.test/x", "DELETE", page], text);
    }
  });

  test("options with a value do not swallow the URL", () => {
    const last = " https://a.test/";
    for (const options of [
      "-T x.bin",
      "--oauth2-bearer t",
      "-sSo out",
      "-m5",
      "--max-time 5",
      "-A curl",
    ])
      assert.equal(read(`curl ${options}${last}`).url, "https://a.test/", options);
    assert.equal(read(`curl -T x.bin${last}`).method, "PUT");
    assert.deepEqual(read(`curl -H 'X-A;' -H 'Accept:'${last}`).headers, [["X-A", ""]]);
    assert.match(
      read(`curl -d @body.json -H "X-A: $TOKEN"${last}`).notes.join(),
      /in a file.*TOKEN/,
    );
  });

  test("of all copied commands the first to another origin is read", () => {
    const text = `curl '${page}/main.js' -H 'referer: ${page}/' ;\ncurl 'https://a.test/x' \\\n  -H 'origin: ${page}' ;\ncurl 'https://a.test/y'`;
    const { url, notes } = read(text);
    assert.equal(url, "https://a.test/x");
    assert.match(notes.join(), /one of 3 commands/);
  });

  test("a copied preflight is read as the request that it is for", () => {
    const pasted = read(
      `curl 'https://a.test/' -X OPTIONS -H 'origin: ${page}' -H 'access-control-request-method: PUT' -H 'access-control-request-headers: content-type,x-a'`,
    );
    assert.equal(pasted.method, "PUT");
    assert.deepEqual(pasted.headers, [
      ["content-type", "application/json"],
      ["x-a", "x"],
    ]);
    assert.match(pasted.notes.join(), /this is a preflight/);
  });

  test("what DevTools adds while it disables the cache is not the page's", () => {
    const both = "-H 'cache-control: no-cache' -H 'pragma: no-cache'";
    assert.deepEqual(read(`curl https://a.test/ ${both} -H 'x-a: 1'`).headers, [["x-a", "1"]]);
    const own = read("curl https://a.test/ -H 'cache-control: no-cache'");
    assert.deepEqual(own.headers, [["cache-control", "no-cache"]]);
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

  test("a Request, a URL, pairs of headers and each kind of body", () => {
    const made = read(
      "window.fetch(new Request(new URL('/x', 'https://a.test'), { method: 'PUT', headers: [['X-A', '1']] }))",
    );
    assert.deepEqual(
      [made.url, made.method, made.headers],
      ["https://a.test/x", "PUT", [["X-A", "1"]]],
    );
    const typeOf = (body: string): unknown =>
      read(`fetch('https://a.test/', { method: 'POST', body: ${body} })`).headers[0]?.[1];
    assert.match(
      String(typeOf("new URLSearchParams(form)")),
      /^application\/x-www-form-urlencoded/,
    );
    assert.match(String(typeOf("new FormData(form)")), /^multipart\/form-data/);
    assert.equal(typeOf("new Blob(['{}'], { type: 'application/json' })"), "application/json");
    const stream = read(
      "fetch('https://a.test/', { method: 'POST', body: parts, duplex: 'half' })",
    );
    assert.deepEqual([stream.upload, stream.body], ["stream", undefined]);
  });

  test("of all copied calls the first to another origin is read", () => {
    const options = `{ "referrer": "${page}/", "method": "GET" }`;
    const { url, notes } = read(
      `fetch("${page}/main.js", ${options}); ;\nfetch("https://a.test/x", ${options}); ;`,
    );
    assert.equal(url, "https://a.test/x");
    assert.match(notes.join(), /one of 2 calls/);
  });

  test("the text is never executed, and unreadable input is reported", () => {
    assert.ok(isFetchCall("await window; fetch(url)"));
    for (const text of ["fetch(url)", "fetch('https://a.test/'", "fetch(", "no call"]) {
      const fault = readFetchCall(text);
      assert.ok("say" in fault && fault.fix !== "", text);
    }
  });
});

void suite("PowerShell", () => {
  test("a command copied from Chromium", () => {
    const pasted = read(`$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession
$session.UserAgent = "Mozilla/5.0"
$session.Cookies.Add((New-Object System.Net.Cookie("sid", "1", "/", "a.test")))
Invoke-WebRequest -UseBasicParsing -Uri "https://a.test/x?a=1&b=\`$2" \`
-Method "POST" \`
-WebSession $session \`
-Headers @{
"Accept"="*/*"
  "Origin"="${page}"
  "Sec-Fetch-Dest"="empty"
  "X-Name"="J$([char]252)rg; \`"a\`""
} \`
-ContentType "application/json" \`
-Body "{\`"a\`":1}"
Write-Output "done"`);
    const { url, method, origin, credentials, body } = pasted;
    assert.deepEqual([url, method, origin], ["https://a.test/x?a=1&b=$2", "POST", page]);
    assert.deepEqual([credentials, body], ["include", '{"a":1}']);
    assert.deepEqual(pasted.headers, [
      ["Accept", "*/*"],
      ["X-Name", 'Jürg; "a"'],
      ["Content-Type", "application/json"],
    ]);
  });

  test("a command as people write it", () => {
    const { url, method, headers } = read(
      "irm https://a.test/x -Method Put -Headers @{ 'X-A' = 'it''s'; Origin = 'https://app.example.com' } -Body ($a | ConvertTo-Json)",
    );
    assert.deepEqual([url, method], ["https://a.test/x", "PUT"]);
    assert.deepEqual(headers[0], ["X-A", "it's"]);
  });

  test("unreadable input is reported", () => {
    for (const text of [
      'irm "https://a.test/',
      "Invoke-WebRequest -Uri",
      "iwr https://a.test/ -Headers @{",
    ]) {
      const fault = readPaste(text);
      assert.ok(fault === undefined || "say" in fault, text);
    }
    assert.equal(readPaste("nothing"), undefined);
  });
});
