// The contract of the adapters: one table of cases, held by every adapter, over real sockets. What a
// framework cannot do is a skip with its reason, in the framework's own row.

import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { sendTo } from "../packages/cors/src/testing/loopback.ts";
import type { Application, Policy, Served, Settings } from "./support/adapters/application.ts";
import { fetchApplications } from "./support/adapters/on-fetch.ts";
import { nestApplications } from "./support/adapters/on-nest.ts";
import { nodeApplications } from "./support/adapters/on-node.ts";

const app = "https://app.example.com";
const stranger = "https://evil.example";

const policy: Policy = {
  allowOrigins: [app, "https://*.preview.example.dev"],
  allowMethods: ["GET", "PUT"],
  allowHeaders: ["Content-Type", "X-Auth-Token"],
  exposeHeaders: ["X-Request-ID"],
  allowCredentials: true,
  maxAge: 600,
};

interface Case {
  readonly name: string;
  readonly policy?: Policy;
  readonly settings?: Settings;
  readonly request: {
    readonly method?: string;
    readonly path: string;
    readonly host?: string;
    readonly headers?: readonly (readonly [string, string])[];
    readonly body?: string;
  };
  readonly status: number;
  /** The whole of the CORS headers on the wire, by lower-case name; each must be one line. */
  readonly cors: Readonly<Record<string, string>>;
  /** Members of Vary, whatever their order; absent: there is none. Others a framework adds are fine. */
  readonly vary?: readonly string[];
  /** Further headers that must be there. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Does the request come through to the application? */
  readonly reaches: boolean;
}

const readable = {
  "access-control-allow-origin": app,
  "access-control-allow-credentials": "true",
  "access-control-expose-headers": "X-Request-ID",
};
const origin = (value: string): readonly [string, string] => ["Origin", value];
const preflight = (
  from: string,
  method: string,
  headers?: string,
): readonly (readonly [string, string])[] => [
  origin(from),
  ["Access-Control-Request-Method", method],
  ...(headers === undefined
    ? []
    : [["Access-Control-Request-Headers", headers] as readonly [string, string]]),
];
const preflightVary = ["Origin", "Access-Control-Request-Method"];

const cases: readonly Case[] = [
  {
    name: "an allowed page reads the answer and what is exposed",
    request: { path: "/plain", headers: [origin(app)] },
    status: 200,
    cors: readable,
    vary: ["Origin"],
    headers: { "x-request-id": "7" },
    body: "ok",
    reaches: true,
  },
  {
    name: "a wildcard's origin is answered by its own name",
    request: { path: "/plain", headers: [origin("https://pr-7.preview.example.dev")] },
    status: 200,
    cors: { ...readable, "access-control-allow-origin": "https://pr-7.preview.example.dev" },
    vary: ["Origin"],
    reaches: true,
  },
  {
    name: "a stranger gets the answer without any CORS header, and a cache hears why",
    request: { path: "/plain", headers: [origin(stranger)] },
    status: 200,
    cors: {},
    vary: ["Origin"],
    reaches: true,
  },
  {
    name: "a request without Origin varies all the same",
    request: { path: "/plain" },
    status: 200,
    cors: {},
    vary: ["Origin"],
    reaches: true,
  },
  {
    name: "a preflight is answered with the whole lists, and goes no further",
    request: {
      method: "OPTIONS",
      path: "/plain",
      headers: preflight(app, "PUT", "content-type,x-auth-token"),
    },
    status: 204,
    cors: {
      "access-control-allow-origin": app,
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "GET, PUT",
      "access-control-allow-headers": "Content-Type, X-Auth-Token",
      "access-control-max-age": "600",
    },
    vary: preflightVary,
    body: "",
    reaches: false,
  },
  {
    name: "a stranger's preflight is 403 and says nothing of the policy",
    request: { method: "OPTIONS", path: "/plain", headers: preflight(stranger, "PUT") },
    status: 403,
    cors: {},
    vary: preflightVary,
    body: "",
    reaches: false,
  },
  {
    name: "a preflight for a path that has no OPTIONS of its own is answered",
    request: { method: "OPTIONS", path: "/missing", headers: preflight(app, "PUT") },
    status: 204,
    cors: {
      "access-control-allow-origin": app,
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "GET, PUT",
      "access-control-allow-headers": "Content-Type, X-Auth-Token",
      "access-control-max-age": "600",
    },
    vary: preflightVary,
    reaches: false,
  },
  {
    name: "an OPTIONS that is not a preflight reaches the application",
    request: { method: "OPTIONS", path: "/plain", headers: [origin(app)] },
    status: 200,
    cors: readable,
    vary: preflightVary,
    body: "ok",
    reaches: true,
  },
  {
    name: "what the handler varies on stays",
    request: { path: "/vary", headers: [origin(app)] },
    status: 200,
    cors: readable,
    vary: ["Accept-Encoding", "Origin"],
    reaches: true,
  },
  {
    name: "what a nested layer says of CORS is replaced",
    request: { path: "/layer", headers: [origin(app)] },
    status: 200,
    cors: readable,
    vary: ["Origin"],
    reaches: true,
  },
  {
    name: "what a nested layer says of CORS is taken from a stranger",
    request: { path: "/layer", headers: [origin(stranger)] },
    status: 200,
    cors: {},
    vary: ["Origin"],
    reaches: true,
  },
  {
    name: "a head that is written at once has the policy, and keeps its cookies",
    request: { path: "/head", headers: [origin(app)] },
    status: 200,
    cors: readable,
    vary: ["Accept", "Origin"],
    headers: { "set-cookie": "a=1|b=2" },
    reaches: true,
  },
  {
    name: "a stream has the policy before its first byte",
    request: { path: "/stream", headers: [origin(app)] },
    status: 200,
    cors: readable,
    vary: ["Origin"],
    headers: { "content-type": "text/event-stream" },
    body: "data: 1\n\ndata: 2\n\n",
    reaches: true,
  },
  {
    name: "a 500 can be read",
    request: { path: "/error", headers: [origin(app)] },
    status: 500,
    cors: readable,
    vary: ["Origin"],
    reaches: true,
  },
  {
    name: "an error that was thrown can be read",
    request: { path: "/throws", headers: [origin(app)] },
    status: 500,
    cors: readable,
    vary: ["Origin"],
    reaches: true,
  },
  {
    name: "a 404 can be read",
    request: { path: "/missing", headers: [origin(app)] },
    status: 404,
    cors: readable,
    vary: ["Origin"],
    reaches: true,
  },
  {
    name: "a 304 carries the policy, which a cache takes over",
    request: { path: "/not-modified", headers: [origin(app)] },
    status: 304,
    cors: readable,
    vary: ["Origin"],
    body: "",
    reaches: true,
  },
  {
    name: "HEAD has the headers of GET",
    request: { method: "HEAD", path: "/plain", headers: [origin(app)] },
    status: 200,
    cors: readable,
    vary: ["Origin"],
    reaches: true,
  },
  {
    name: "a body arrives after the preflight",
    request: {
      method: "PUT",
      path: "/plain",
      headers: [origin(app), ["Content-Type", "text/plain"]],
      body: "a",
    },
    status: 200,
    cors: readable,
    vary: ["Origin"],
    reaches: true,
  },
  {
    name: "two Origin lines are no origin",
    request: { path: "/plain", headers: [origin(app), origin(app)] },
    status: 200,
    cors: {},
    vary: ["Origin"],
    reaches: true,
  },
  {
    name: "null is nobody",
    request: { path: "/plain", headers: [origin("null")] },
    status: 200,
    cors: {},
    vary: ["Origin"],
    reaches: true,
  },
  {
    name: "a policy for everybody answers `*`, also without Origin, and varies on nothing",
    policy: { allowOrigins: "*" },
    request: { path: "/plain" },
    status: 200,
    cors: { "access-control-allow-origin": "*" },
    reaches: true,
  },
  {
    name: "with `reject` a stranger's request goes no further",
    policy: { allowOrigins: app, onMismatch: "reject" },
    request: { method: "POST", path: "/plain", headers: [origin(stranger)], body: "a=1" },
    status: 403,
    cors: {},
    vary: ["Origin"],
    body: "",
    reaches: false,
  },
  {
    name: "with `reject-writes` a stranger's write goes no further",
    policy: { allowOrigins: app, onMismatch: "reject-writes" },
    request: { method: "POST", path: "/plain", headers: [origin(stranger)], body: "a=1" },
    status: 403,
    cors: {},
    vary: ["Origin"],
    body: "",
    reaches: false,
  },
  {
    name: "with `reject-writes` Fetch Metadata gives a page away that sends no Origin",
    policy: { allowOrigins: app, onMismatch: "reject-writes" },
    request: {
      method: "POST",
      path: "/plain",
      headers: [["Sec-Fetch-Site", "cross-site"]],
      body: "a=1",
    },
    status: 403,
    cors: {},
    vary: ["Origin", "Sec-Fetch-Site"],
    body: "",
    reaches: false,
  },
  {
    name: "with `reject-writes` who is no browser comes through",
    policy: { allowOrigins: app, onMismatch: "reject-writes" },
    request: { method: "DELETE", path: "/plain" },
    status: 200,
    cors: {},
    vary: ["Origin", "Sec-Fetch-Site"],
    reaches: true,
  },
  {
    name: "of rules by origin the first that allows the page answers",
    policy: [{ allowOrigins: stranger }, policy, { allowOrigins: "*" }] as Policy,
    request: { path: "/plain", headers: [origin(app)] },
    status: 200,
    cors: readable,
    vary: ["Origin"],
    reaches: true,
  },
  {
    name: "with `reject` a page of the server's own origin comes through",
    policy: { allowOrigins: app, onMismatch: "reject" },
    request: {
      method: "POST",
      path: "/plain",
      host: "api.example.com",
      headers: [origin("https://api.example.com"), ["Content-Type", "text/plain"]],
      body: "a",
    },
    status: 200,
    cors: {},
    vary: ["Origin"],
    reaches: true,
  },
  {
    name: "a name that the server does not answer to is 421, whatever its Origin",
    settings: { hosts: ["127.0.0.1", "api.example.com"] },
    request: { path: "/plain", host: "evil.example", headers: [origin("http://evil.example")] },
    status: 421,
    cors: {},
    body: "",
    reaches: false,
  },
  {
    name: "a name that the server answers to comes through",
    settings: { hosts: ["*.example.com"] },
    request: { path: "/plain", host: "api.example.com:8080", headers: [origin(app)] },
    status: 200,
    cors: readable,
    vary: ["Origin"],
    reaches: true,
  },
  {
    name: "a family of headers is echoed, and a cache hears of it",
    policy: { allowOrigins: app, allowMethods: ["PUT"], allowHeaders: ["X-Amz-*"] },
    request: {
      method: "OPTIONS",
      path: "/plain",
      headers: preflight(app, "PUT", "x-amz-acl,x-amz-date"),
    },
    status: 204,
    cors: {
      "access-control-allow-origin": app,
      "access-control-allow-methods": "PUT",
      "access-control-allow-headers": "x-amz-acl, x-amz-date",
    },
    vary: [...preflightVary, "Access-Control-Request-Headers"],
    reaches: false,
  },
  {
    name: "a header that is not listed is refused by the browser, which gets the whole lists",
    request: { method: "OPTIONS", path: "/plain", headers: preflight(app, "DELETE", "x-other") },
    status: 204,
    cors: {
      "access-control-allow-origin": app,
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "GET, PUT",
      "access-control-allow-headers": "Content-Type, X-Auth-Token",
      "access-control-max-age": "600",
    },
    vary: preflightVary,
    reaches: false,
  },
  {
    name: "timing is shown to the listed page",
    policy: { allowOrigins: app, timingAllowOrigin: true },
    request: { path: "/plain", headers: [origin(app)] },
    status: 200,
    cors: { "access-control-allow-origin": app },
    vary: ["Origin"],
    headers: { "timing-allow-origin": app },
    reaches: true,
  },
  {
    name: "a preflight may be answered 200",
    policy: { allowOrigins: app, preflightStatus: 200 },
    request: { method: "OPTIONS", path: "/plain", headers: preflight(app, "GET") },
    status: 200,
    cors: {
      "access-control-allow-origin": app,
      "access-control-allow-methods": "GET, HEAD, POST",
    },
    vary: preflightVary,
    body: "",
    reaches: false,
  },
  {
    name: "a function decides at run time",
    policy: {
      allowOrigins: async (asked: string) => asked === app,
      exposeHeaders: ["X-Request-ID"],
      allowCredentials: true,
    },
    request: { path: "/plain", headers: [origin(app)] },
    status: 200,
    cors: readable,
    vary: ["Origin"],
    reaches: true,
  },
  {
    name: "a function that fails refuses, and the answer varies on Origin",
    policy: { allowOrigins: () => Promise.reject(new Error("the database is away")) },
    settings: { report: () => undefined },
    request: { method: "OPTIONS", path: "/plain", headers: preflight(app, "PUT") },
    status: 403,
    cors: {},
    vary: preflightVary,
    reaches: false,
  },
  {
    name: "debug says what was decided",
    settings: { debug: true },
    request: { path: "/plain", headers: [origin(stranger)] },
    status: 200,
    cors: {},
    vary: ["Origin"],
    headers: { "corsway-decision": "kind=actual; refused; reason=origin-not-allowed" },
    reaches: true,
  },
];

async function hold(application: Application, wanted: Case): Promise<void> {
  const served = await application.serve(wanted.policy ?? policy, wanted.settings);
  try {
    await ask(served, wanted);
  } finally {
    await served.close();
  }
}

async function ask(served: Served, wanted: Case): Promise<void> {
  const { method = "GET", path, headers = [], body, host } = wanted.request;
  const url = new URL(path, host === undefined ? served.address : `http://${host}`);
  const reply = await sendTo(
    served.address,
    { method, url: url.href, headers },
    body === undefined ? undefined : new TextEncoder().encode(body),
  );
  const got = await text(reply.body);
  const lines = reply.headers.map(([name, value]) => [name.toLowerCase(), value] as const);
  const all = (name: string): string[] =>
    lines.filter(([key]) => key === name).map(([, value]) => value);

  assert.equal(reply.status, wanted.status);
  // As pairs, so that a header that is there twice is seen.
  assert.deepEqual(
    lines.filter(([name]) => name.startsWith("access-control-")).sort(),
    Object.entries(wanted.cors).sort(),
  );
  const vary = all("vary").flatMap((line) => line.split(",").map((member) => member.trim()));
  assert.equal(new Set(vary.map((member) => member.toLowerCase())).size, vary.length, "Vary twice");
  const members = vary.filter((member) =>
    /^(?:origin|access-control-|accept|sec-fetch-)/i.test(member),
  );
  assert.deepEqual(members.map((m) => m.toLowerCase()).sort(), wantedVary(wanted.vary));
  for (const [name, value] of Object.entries(wanted.headers ?? {}))
    assert.equal(all(name).join("|"), value, name);
  if (wanted.body !== undefined) assert.equal(got, wanted.body);
  assert.deepEqual(served.reached, wanted.reaches ? [`${method} ${path}`] : []);
}

function wantedVary(members: readonly string[] = []): string[] {
  return members.map((member) => member.toLowerCase()).sort();
}

const applications = [...nodeApplications, ...nestApplications, ...fetchApplications];

test("every skip names an existing case of the table", () => {
  const names = new Set(cases.map(({ name }) => name));
  for (const { skips = {} } of applications)
    for (const name of Object.keys(skips)) assert.ok(names.has(name), name);
});

for (const application of applications)
  describe(application.name, () => {
    for (const wanted of cases) {
      const skip = application.skips?.[wanted.name];
      test(wanted.name, skip === undefined ? {} : { skip }, () => hold(application, wanted));
    }

    test("a policy can be replaced between two requests, and a faulty one changes nothing", async () => {
      const served = await application.serve(policy);
      try {
        const { middleware } = served;
        assert.deepEqual(middleware.update({ allowOrigins: stranger }), []);
        const faults = middleware.update({ allowOrigins: `${app}/` });
        assert.deepEqual(
          faults.map(({ code, path }) => [code, path]),
          [["policy/origin-trailing-slash", "allowOrigins"]],
        );
        assert.deepEqual(middleware.policy, { allowOrigins: [stranger] });
        await ask(served, {
          name: "",
          request: { path: "/plain", headers: [origin(stranger)] },
          status: 200,
          cors: { "access-control-allow-origin": stranger },
          vary: ["Origin"],
          reaches: true,
        });
      } finally {
        await served.close();
      }
    });

    test("every fault of the policy and the settings is thrown together when the middleware is created", async () => {
      await assert.rejects(
        async () =>
          application.serve(
            {
              allowOrigins: ["https://app.example.com/"],
              allowMethod: ["PUT"],
            } as unknown as Policy,
            { hosts: ["https://api.example.com"], origins: "*" } as unknown as Settings,
          ),
        (error) => {
          assert.ok(error instanceof Error && error.name === "PolicyError");
          const { diagnostics } = error as Error & { diagnostics: { code: string }[] };
          assert.deepEqual(diagnostics.map(({ code }) => code).sort(), [
            "policy/origin-trailing-slash",
            "policy/unknown-key",
            "settings/host",
            "settings/unknown-key",
          ]);
          return true;
        },
      );
    });
  });
