// Each culprit is recognised by what the response shows, and near misses are not accused.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Header } from "../../standard/message.ts";
import { definePolicy } from "../../policy/read/define.ts";
import type { PageRequest } from "../../browser/request.ts";
import type { Answer } from "../../browser/sending.ts";
import { explainSync, type Explanation } from "../explain.ts";
import { explanationJson } from "../json.ts";
import { decodeMessage } from "../messages/messages.ts";
import { printExplanation } from "../print.ts";

const origin = "https://app.example.com";
const url = "https://api.example.com/x";

interface Answers {
  readonly preflight?: Answer;
  readonly actual?: Answer;
}
const answer = (status: number, ...headers: Header[]): Answer => ({ status, headers });

function explained(answers: Answers, page: Partial<PageRequest> = {}): Explanation {
  const open: Answer = answer(
    204,
    ["Access-Control-Allow-Origin", origin],
    ["Access-Control-Allow-Methods", "PUT"],
    ["Access-Control-Allow-Headers", "X-A, sentry-trace"],
  );
  return explainSync({ origin, url, ...page }, (head, { kind }) =>
    head.url !== url
      ? answer(200, ["Access-Control-Allow-Origin", "*"])
      : kind === "preflight"
        ? (answers.preflight ?? open)
        : (answers.actual ?? answer(200)),
  );
}

const whoOf = (answers: Answers, page?: Partial<PageRequest>): string | undefined =>
  explained(answers, page).sentence?.who;

test("a cache is recognised by its headers and distinguished from a server that answers itself", () => {
  for (const sign of [
    [
      ["Age", "583098"],
      ["X-Cache", "Hit from cloudfront"],
      ["Vary", "Accept-Encoding"],
    ],
    [["CF-Cache-Status", "HIT"]],
    [["Cache-Status", "ExampleCache; hit; ttl=376"]],
    [["X-Varnish", "32770 5"]],
  ] as Header[][]) {
    const explanation = explained({ actual: answer(200, ...sign) });
    assert.equal(explanation.sentence?.who, "cache");
    assert.match(explanation.sentence.why, /which stored it for a request without `Origin`/);
    assert.match(explanation.remedies[0]!.say, /`Vary: Origin` with \*\*every\*\* response.*purge/);
  }
  const others = explained({
    actual: answer(200, ["Access-Control-Allow-Origin", "https://other.example"], ["Age", "5"]),
  });
  assert.match(others.sentence!.why, /which stored it for `https:\/\/other\.example`/);
  for (const none of [
    [["X-Cache", "Miss from cloudfront"]],
    [["Age", "0"]],
    [["CF-Cache-Status", "DYNAMIC"]],
    [["X-Varnish", "32770"]],
    [],
  ] as Header[][])
    assert.notEqual(whoOf({ actual: answer(200, ...none) }), "cache", JSON.stringify(none));
  assert.notEqual(whoOf({ actual: answer(500, ["Age", "5"]) }), "cache");
});

test("a redirect to a login page gets no remedy that changes CORS headers", () => {
  for (const location of [
    "https://login.example/oauth2/start",
    "https://api.example.com/users/sign_in",
    "/login?next=/x",
    "https://idp.example/realms/a/protocol/openid-connect/auth?client_id=a&redirect_uri=b",
  ]) {
    const explanation = explained({ actual: answer(302, ["Location", location]) });
    assert.equal(explanation.sentence?.who, "login", location);
    assert.match(
      explanation.remedies[0]!.say,
      /respond with 401 and the CORS headers to a `fetch`/,
    );
    for (const { change } of explanation.remedies) assert.deepEqual(change, []);
  }
  const beyond = explained({
    actual: answer(
      302,
      ["Access-Control-Allow-Origin", origin],
      ["Location", "https://login.example/"],
    ),
  });
  assert.equal(beyond.verdict.outcome, "readable");
});

test("for a redirect within one site, the advice is to request the target directly", () => {
  for (const location of ["/x/", "https://www.api.example.com/x"]) {
    const explanation = explained({ actual: answer(301, ["Location", location]) });
    assert.equal(explanation.sentence?.who, "redirect", location);
    assert.match(explanation.sentence.why, /the redirect response itself \(301/);
    const target = new URL(location, url).href;
    assert.ok(
      explanation.remedies.some(({ say }) => say.startsWith(`request \`${target}\` directly`)),
      location,
    );
  }
});

test("a CORS filter that omits every CORS header is recognised by its `Vary`", () => {
  const vary: Header = [
    "Vary",
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
  ];
  for (const status of [403, 200, 204]) {
    const explanation = explained({ preflight: answer(status, vary) }, { method: "PUT" });
    assert.equal(explanation.sentence?.who, "cors-filter", String(status));
    assert.match(explanation.sentence.why, /refused the origin, the method or a header/);
  }
  assert.match(
    explained({ actual: answer(200, ["Vary", "Origin"]) }).sentence!.why,
    /it is not in the server's list/,
  );
  assert.equal(whoOf({ preflight: answer(403) }, { method: "PUT" }), undefined);
  assert.equal(whoOf({ preflight: answer(502, vary) }, { method: "PUT" }), undefined);
});

test("a server error is not explained as a login requirement", () => {
  for (const status of [500, 502, 503, 504]) {
    const { sentence, remedies } = explained({ preflight: answer(status) }, { method: "PUT" });
    assert.match(sentence!.why, /fails on OPTIONS/);
    assert.doesNotMatch(sentence!.why + remedies.map(({ say }) => say).join(""), /login/);
  }
});

test("a header sent twice is explained by two layers, naming the proxy where it identifies itself", () => {
  const twice: Header[] = [
    ["Access-Control-Allow-Origin", origin],
    ["Access-Control-Allow-Credentials", "true"],
    ["Access-Control-Allow-Credentials", "true"],
  ];
  const acac = explained({ actual: answer(200, ...twice) }, { credentials: "include" });
  assert.equal(acac.sentence?.who, "two-layers");
  assert.match(acac.sentence.why, /appears twice/);
  const acao = explained({
    actual: answer(
      200,
      ["Access-Control-Allow-Origin", origin],
      ["Access-Control-Allow-Origin", "*"],
      ["Server", "nginx/1.27"],
    ),
  });
  assert.match(acao.sentence!.why, /`Server: nginx\/1\.27`/);
  assert.equal(
    whoOf(
      {
        actual: answer(
          200,
          ["Access-Control-Allow-Origin", origin],
          ["Access-Control-Allow-Credentials", "True"],
        ),
      },
      { credentials: "include" },
    ),
    undefined,
  );
});

test("a misspelt header is found, and a header with a similar name of its own is not reported", () => {
  for (const [written, meant] of [
    ["Acess-Control-Allow-Origin", "Access-Control-Allow-Origin"],
    ["Access-Control-Allow-Orgin", "Access-Control-Allow-Origin"],
    ["access_control_allow_origin", "Access-Control-Allow-Origin"],
    ["Access-Control-Origin", "Access-Control-Allow-Origin"],
  ] as const) {
    const { sentence, remedies } = explained({ actual: answer(200, [written, "*"]) });
    assert.equal(sentence?.who, "misspelt-header", written);
    assert.match(remedies[0]!.say, new RegExp(`write \`${meant}\` instead of \`${written}\``));
  }
  const methods = explained(
    {
      preflight: answer(
        204,
        ["Access-Control-Allow-Origin", "*"],
        ["Access-Control-Allow-Method", "PUT"],
      ),
    },
    { method: "PUT" },
  );
  assert.match(methods.remedies[0]!.say, /write `Access-Control-Allow-Methods`/);
  for (const name of ["Access-Control-Allow-Private-Network", "Access-Control-Max-Age", "X-Allow"])
    assert.equal(whoOf({ actual: answer(200, [name, "1"]) }), undefined, name);
});

test("a header added by a library is attributed to it, with how to turn it off", () => {
  for (const [name, who, off] of [
    ["x-stainless-os", /Stainless/, /`null`/],
    ["sentry-trace", /Sentry/, /tracePropagationTargets/],
    ["traceparent", /OpenTelemetry/, /propagateTraceHeaderCorsUrls/],
    ["x-client-info", /Supabase/, /global\.headers/],
    ["X-Requested-With", /jQuery/, /default headers/],
    ["x-datadog-trace-id", /Datadog/, /allowedTracingUrls/],
  ] as const) {
    const { sentence, remedies } = explained(
      { preflight: answer(204, ["Access-Control-Allow-Origin", "*"]) },
      { headers: [[name, "1"]] },
    );
    assert.equal(sentence?.who, "sdk-header", name);
    assert.match(sentence.why, who);
    assert.match(remedies[0]!.say, off);
    assert.ok(remedies.some(({ change }) => change.some(({ kind }) => kind === "header")));
  }
  assert.equal(
    whoOf(
      { preflight: answer(204, ["Access-Control-Allow-Origin", "*"]) },
      { headers: [["X-Mine", "1"]] },
    ),
    undefined,
  );
  const message = decodeMessage(
    `Access to fetch at '${url}' from origin '${origin}' has been blocked by CORS policy: Request header field baggage is not allowed by Access-Control-Allow-Headers in preflight response.`,
  );
  assert.equal(message?.sentence.who, "sdk-header");
});

test("a page that sends any CORS response header as a request header is advised to remove it", () => {
  for (const name of ["Access-Control-Allow-Origin", "Access-Control-Expose-Headers"]) {
    const { remedies } = explained(
      { preflight: answer(204, ["Access-Control-Allow-Origin", "*"]) },
      { headers: [[name, "*"]] },
    );
    assert.ok(
      remedies.every(({ side }) => side === "client"),
      name,
    );
  }
});

test("for a third-party server the advice is to proxy through your own, never a public proxy", () => {
  const theirs = explainSync({ origin, url: "https://other.example/" }, () => answer(200));
  assert.match(
    theirs.remedies.at(-1)!.say,
    /request it through your own server.*never through a public/,
  );
  const own = explained({ actual: answer(200) });
  assert.ok(own.remedies.every(({ say }) => !/public proxy/.test(say)));
});

test("a readable response that names the origin without `Vary: Origin` gets a warning", () => {
  const warned = (...headers: Header[]): readonly string[] =>
    explanationJson(
      explained({ actual: answer(200, ["Access-Control-Allow-Origin", origin], ...headers) }),
    ).warnings;
  assert.match(warned(["Cache-Control", "max-age=31536000"])[0]!, /without `Vary: Origin`/);
  assert.match(
    printExplanation(explained({ actual: answer(200, ["Access-Control-Allow-Origin", origin]) })),
    /warn {2}the response names this origin without/,
  );
  assert.deepEqual(warned(["Vary", "Accept, origin"]), []);
  assert.deepEqual(warned(["Vary", "*"]), []);
  assert.deepEqual(warned(["Cache-Control", "no-store"]), []);
  const any = explained({ actual: answer(200, ["Access-Control-Allow-Origin", "*"]) });
  assert.deepEqual(explanationJson(any).warnings, []);
});

test("a method list in lower case is rewritten in upper case, not duplicated", () => {
  const { remedies } = explained(
    {
      preflight: answer(
        204,
        ["Access-Control-Allow-Origin", "*"],
        ["Access-Control-Allow-Methods", "get, post, put"],
      ),
    },
    { method: "PUT" },
  );
  assert.match(remedies[0]!.say, /Access-Control-Allow-Methods: GET, POST, PUT`/);
});

test("a hosting service that responded itself is named, and where its CORS settings are", () => {
  const cases: readonly (readonly [Answers, Partial<PageRequest>, RegExp, RegExp])[] = [
    [
      { preflight: answer(403, ["x-amzn-errortype", "MissingAuthenticationTokenException"]) },
      { method: "PUT" },
      /API Gateway itself/,
      /enable CORS for the resource/,
    ],
    [
      { actual: answer(502, ["x-amzn-errortype", "InternalServerErrorException"]) },
      {},
      /API Gateway itself.*failed/,
      /log \(CloudWatch\)/,
    ],
    [
      { preflight: answer(403, ["Server", "AmazonS3"]) },
      { method: "PUT" },
      /^S3 responded/,
      /`AllowedOrigins`/,
    ],
    [
      { preflight: answer(200, ["Server", "UploadServer"]) },
      { method: "PUT" },
      /^Google Cloud Storage/,
      /--cors-file/,
    ],
    [
      { preflight: answer(403, ["x-ms-error-code", "CorsPreflightFailure"]) },
      { method: "PUT" },
      /^Azure Storage/,
      /CORS settings/,
    ],
    [
      { preflight: answer(403, ["Server", "CloudFront"]) },
      { method: "PUT" },
      /^CloudFront itself/,
      /allowed methods/,
    ],
    [
      { preflight: answer(204, ["Server", "Kestrel"]) },
      { method: "PUT" },
      /^ASP.NET Core/,
      /`WithOrigins`/,
    ],
    [
      { actual: answer(200, ["X-Rack-CORS", "miss; no-origin"]) },
      {},
      /^rack-cors/,
      /`allow` block/,
    ],
  ];
  for (const [answers, page, why, fix] of cases) {
    const { sentence, remedies } = explained(answers, page);
    assert.equal(sentence?.who, "service", String(why));
    assert.match(sentence.why, why);
    assert.match(remedies[0]!.say, fix);
  }
  const stored = answer(200, ["Server", "AmazonS3"], ["X-Cache", "Hit from cloudfront"]);
  assert.equal(whoOf({ actual: stored }), "cache");
  const named = answer(
    200,
    ["Server", "AmazonS3"],
    ["Access-Control-Allow-Origin", "https://a.test"],
  );
  assert.notEqual(whoOf({ actual: named }), "service");
});

test("a page for people in front of an API is not to be opened with CORS headers", () => {
  for (const actual of [
    answer(403, ["cf-mitigated", "challenge"]),
    answer(401, ["Set-Cookie", "_vercel_sso_nonce=x; Path=/"]),
    answer(404, ["ngrok-error-code", "ERR_NGROK_3200"]),
  ]) {
    const { sentence, remedies } = explained({ actual });
    assert.equal(sentence?.who, "service");
    assert.ok(remedies.every(({ change }) => change.length === 0));
  }
});

test("an error comes before the header that its response lacks", () => {
  const first = (status: number, ...headers: Header[]): readonly string[] => {
    const { sentence, remedies } = explained({ actual: answer(status, ...headers) });
    assert.equal(sentence?.who, "error", String(status));
    assert.ok(remedies.some(({ change }) => change.length > 0));
    return remedies.map(({ say }) => say);
  };
  assert.match(first(504, ["Server", "nginx"]).join(), /504: look at the server behind.*always/);
  assert.match(first(500)[0]!, /^fix the failure first/);
  assert.match(first(413)[0]!, /limit of the body/);
  assert.match(first(404)[0]!, /check the URL first/);
  assert.match(first(522)[0]!, /behind Cloudflare/);
  assert.notEqual(whoOf({ actual: answer(200) }), "error");
  assert.notEqual(whoOf({ actual: answer(403) }), "error");
});

test("a redirected preflight, a stored copy that is checked again, and localhost from elsewhere", () => {
  const slash = explained({ preflight: answer(301, ["Location", "/x/"]) }, { method: "PUT" });
  assert.equal(slash.sentence?.who, "redirect");
  assert.match(slash.remedies[0]!.say, /^request `https:\/\/api.example.com\/x\/` directly/);
  const again = explained({ actual: answer(304) });
  assert.match(again.sentence!.why, /^the response is a 304/);
  const local = explainSync({ origin, url: "http://localhost:3000/x" }, () => answer(200));
  assert.match(local.remedies.at(-1)!.say, /^`localhost:3000` is the machine of whoever visits/);
  const message = decodeMessage(
    `Access to fetch at 'http://localhost:3000/x' from origin '${origin}' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.`,
  );
  assert.equal(message?.sentence.who, "page");
  const ownMachine = { origin: "http://localhost:5173", url: "http://localhost:3000/x" };
  assert.equal(explainSync(ownMachine, () => answer(200)).remedies.length, 1);
});

test("what an SDK needs is to be allowed, and what it can leave out is said", () => {
  const { sentence, remedies } = explained(
    { preflight: answer(204, ["Access-Control-Allow-Origin", "*"]) },
    {
      headers: [
        ["apikey", "1"],
        ["x-client-info", "2"],
      ],
    },
  );
  assert.match(sentence!.why, /^`apikey` and `x-client-info` are added by Supabase/);
  const says = remedies.map(({ say }) => say).join("\n");
  assert.match(says, /^allow `apikey`[^]*without `x-client-info`/);
  assert.ok(remedies.every(({ side, change }) => side === "server" || change.length === 0));
});

test("a redirect to the same path elsewhere is followed by hand, unless it is a login page", () => {
  const to = (location: string): string =>
    explained({ actual: answer(302, ["Location", location]) })
      .remedies.map(({ say }) => say)
      .join("\n");
  assert.match(to("https://eu.api.example.com/x"), /request `https:\/\/eu[^`]*` directly/);
  assert.doesNotMatch(to("https://www.api.example.com/x"), /login page/);
  assert.doesNotMatch(to("https://login.example.com/x"), /directly/);
  assert.doesNotMatch(to("https://cdn.test/other"), /directly/);
});

test("a header named by a number comes from an array", () => {
  const { sentence } = explained(
    { preflight: answer(204, ["Access-Control-Allow-Origin", "*"]) },
    { headers: [["0", "x"]] },
  );
  assert.match(sentence!.why, /an array or a string where an object/);
});

test("a policy that lists nearly this origin says how the two differ", () => {
  const why = (listed: string, asking: string): string => {
    const policy = definePolicy({ allowOrigins: [listed] });
    const source = {
      policy,
      name: "webapp",
      spelling: (field: string) => field,
      place: () => undefined,
      serverWith: () => () => answer(200),
    };
    return explainSync({ origin: asking, url }, () => answer(200), { policyOf: () => source })
      .sentence!.why;
  };
  assert.match(
    why(origin, "http://app.example.com"),
    /but `https:[^`]*`: `https` and `http` are two/,
  );
  assert.match(why("https://example.com", "https://www.example.com"), /with `www.` and without/);
  assert.match(why("http://localhost:1", "http://127.0.0.1:1"), /`localhost` and `127.0.0.1`/);
  assert.match(why("http://localhost:1", "http://localhost:2"), /a different port/);
  assert.doesNotMatch(why(origin, "https://evil.example"), /, but/);
});

test("identity providers, local models and stores are known by their address or their headers", () => {
  const asked = (to: string, response: Answer): RegExpMatchArray | null =>
    explainSync({ origin, url: to }, () => response).remedies[0]!.say.match(
      /Web Origins|Trusted Origins|OLLAMA_ORIGINS|http\.cors|MINIO_API|OPTIONS first/,
    );
  for (const [to, response, fix] of [
    ["https://id.example.org/realms/a/protocol/openid-connect/token", answer(401), "Web Origins"],
    ["https://tenant.auth0.com/oauth/token", answer(403), "Web Origins"],
    ["https://org.okta.com/api/v1/sessions/me", answer(200), "Trusted Origins"],
    ["http://localhost:11434/api/tags", answer(403), "OLLAMA_ORIGINS"],
    ["https://es.example.com/_search", answer(200, ["X-elastic-product", "x"]), "http.cors"],
    ["https://s3.example.com/a", answer(200, ["Server", "MinIO"]), "MINIO_API"],
    ["https://a.supabase.co/functions/v1/f", answer(500), "OPTIONS first"],
  ] as const)
    assert.equal(
      asked(to.replace("http://localhost", "http://192.168.0.5"), response)?.[0],
      fix,
      to,
    );
});

test("a filter that sends its lists with a refusal, and names that are nearly listed", () => {
  const lists: Header[] = [
    ["Access-Control-Allow-Origin", origin],
    ["Access-Control-Allow-Headers", "ContentType, X-Api-Key"],
  ];
  const refused = explained({ preflight: answer(400, ...lists) }, { headers: [["X-A", "1"]] });
  assert.equal(refused.sentence?.who, "cors-filter");
  assert.match(refused.sentence.why, /refused the method or a header of the request with 400/);
  const nearly = (name: string): string =>
    explained({ preflight: answer(204, ...lists) }, { headers: [[name, "application/json"]] })
      .sentence!.why;
  assert.match(nearly("Content-Type"), /the list has `ContentType`, which is another name/);
  assert.match(nearly("x_api_key"), /the list has `X-Api-Key`/);
});

test("an invisible character in the origin is found", () => {
  for (const stray of ["\u00c2\u00a0", "\u00e2\u0080\u008b"]) {
    const { sentence } = explained({
      actual: answer(200, ["Access-Control-Allow-Origin", `${origin}${stray}`]),
    });
    assert.match(sentence!.why, /a stray byte/);
  }
});
