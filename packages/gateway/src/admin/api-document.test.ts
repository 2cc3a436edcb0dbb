// /api/openapi.json against what a running gateway sends: every status of every call that the document describes
// is asked for, and each answer has to fit its schema. Every object there is closed, so that a member which is
// sent and not described is a fault.

import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { startGateway } from "../serve/start.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";
import { httpServer } from "../../../../test/support/harness.ts";
import { readDecisions } from "../../../../test/support/console/decision-events.ts";
import { sendRaw } from "../../../../test/support/raw-socket.ts";
import { adminApi } from "./api.ts";
import type { ConfigFile, Control } from "./control.ts";

const token = "0123456789abcdef0123";
const app = "https://app.example.com";
const json = "Content-Type: application/json\r\n";

const ajv = new Ajv2020({
  strict: false,
  allErrors: true,
  formats: { "date-time": (value: string) => new Date(value).toISOString() === value },
});
/** `GET /api/config 200`: what was asked for and fitted its schema. */
const seen = new Set<string>();

const upstream = await httpServer((_request, response) => response.end("ok"));
const folder = temporaryFolder(undefined, {
  token,
  "conf/extra.toml": `[policies.extra]\nallow_origins = ["${app}"]\n`,
  "conf/gateway.toml": `[global]
cors = false
[policies.webapp]
allow_origins = ["${app}"]
allow_methods = ["PUT"]
max_age = "1h"
path = "^/in"
[policies.partners]
allow_origins = ["https://*.partner.example"]
allow_credentials = true
[servers.public]
addr = "127.0.0.1:0"
[upstreams.api]
addrs = ["127.0.0.1:${upstream}"]
[upstreams.gone]
addrs = ["127.0.0.1:1"]
[upstreams.unused]
addrs = ["127.0.0.1:2"]
[locations.inside]
path = "/in"
upstream = "api"
cors = "webapp"
[locations.rules]
path = "/rules"
methods = ["GET"]
host = "localhost"
upstream = "api"
cors = ["webapp2", "partners"]
[locations.gone]
path = "/gone"
upstream = "gone"
cors = "partners"
[locations.its-own]
path = "/its-own"
upstream = "api"
cors = "upstream"
[policies.webapp2]
allow_origins = ["${app}"]
[admin]
addr = "127.0.0.1:0"
token_file = "../token"
`,
});
const gateway = await startGateway(path.join(folder, "conf"), { watch: false, base: folder });
after(() => gateway.close(0));

const document: any = JSON.parse((await ask("GET", "/api/openapi.json")).body);
ajv.addSchema(document, "admin");
const files: readonly ConfigFile[] = JSON.parse((await ask("GET", "/api/config")).body).files;
const { name, text } = files.find((one) => one.name.endsWith("gateway.toml"))!;
const file = path.join(folder, name);

/** `rest`: more fields, and the body. */
function ask(method: string, where: string, rest = "\r\n", allowed = true) {
  return sendRaw(
    gateway.admin!.port,
    `${method} ${where} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n${allowed ? `Authorization: Bearer ${token}\r\n` : ""}${rest}`,
  );
}

const withBody = (body: unknown, fields = ""): string => {
  const sent = JSON.stringify(body);
  return `${json}${fields}Content-Length: ${Buffer.byteLength(sent)}\r\n\r\n${sent}`;
};

const escaped = (part: string): string => part.replaceAll("~", "~0").replaceAll("/", "~1");

/** Of the answer with this status, or of a component. */
function schemaOf(pointer: readonly string[]) {
  const validate = ajv.getSchema(`admin#/${pointer.map(escaped).join("/")}`);
  assert.ok(validate, `not described: ${pointer.join(" ")}`);
  return validate;
}

function fits(method: string, template: string, status: number, body: unknown): void {
  const validate = schemaOf([
    "paths",
    template,
    method.toLowerCase(),
    "responses",
    String(status),
    "content",
    "application/json",
    "schema",
  ]);
  const title = `${method} ${template} ${status}`;
  assert.ok(validate(body), `${title}: ${ajv.errorsText(validate.errors)}`);
  if (!Array.isArray(body) && template !== "/api/schema")
    assert.ok(!validate({ ...(body as object), undocumented: 1 }), `${title} is not closed`);
  seen.add(title);
}

/** Asks, and holds the answer against the schema of its status. */
async function expect(
  status: number,
  method: string,
  template: string,
  rest?: string,
  { number = "1", allowed = true } = {},
): Promise<any> {
  const answer = await ask(method, template.replace("{number}", number), rest, allowed);
  assert.equal(answer.status, status, `${method} ${template}: ${answer.body}`);
  const body = JSON.parse(Buffer.from(answer.body, "latin1").toString());
  fits(method, template, status, body);
  return body;
}

interface Operation {
  readonly method: string;
  readonly template: string;
  readonly description: any;
}
const operations = (): readonly Operation[] =>
  Object.entries<any>(document.paths).flatMap(([template, methods]) =>
    Object.entries<any>(methods).map(([method, description]) => ({
      method: method.toUpperCase(),
      template,
      description,
    })),
  );
const withBodies = (): readonly Operation[] =>
  operations().filter(({ description }) => description.requestBody !== undefined);

async function sendRequests(): Promise<void> {
  const preflight = `Origin: https://evil.example\r\nAccess-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-a\r\n`;
  for (const [line, fields] of [
    ["OPTIONS /in", preflight],
    ["GET /in", `Origin: ${app}\r\n`],
    ["GET /rules", "Origin: https://a.partner.example\r\n"],
    ["GET /gone", "Origin: null\r\n"],
    ["GET /its-own", ""],
    ["GET /nowhere", ""],
  ] as const)
    await sendRaw(
      gateway.addresses[0]!.port,
      `${line} HTTP/1.1\r\nHost: localhost\r\n${fields}Connection: close\r\n\r\n`,
    );
}

test("each answer of reading calls has the shape that the document describes", async () => {
  await sendRequests();
  const overview = await expect(200, "GET", "/api/overview");
  assert.equal(overview.requests.total, 6);
  assert.deepEqual(overview.effective[0].locations.map(({ cors }: any) => cors.kind).toSorted(), [
    "policy",
    "policy",
    "rules",
    "upstream",
  ]);
  const hour = await expect(200, "GET", "/api/hour");
  assert.equal(hour.refusals.length, 2);
  await expect(200, "GET", "/api/config");
  await expect(200, "GET", "/api/schema");
  await expect(200, "GET", "/api/history");
  await expect(200, "GET", "/api/history/{number}");
  await expect(400, "GET", "/api/history/{number}", undefined, { number: "none" });
  await expect(404, "GET", "/api/history/{number}", undefined, { number: "99" });
});

test("each event of the stream of decisions has the shape that the document describes", async () => {
  const data = schemaOf(["components", "schemas", "Decisions"]);
  const reader = await readDecisions(gateway.admin!.url, "0123456789ab.1", {
    Authorization: `Bearer ${token}`,
  });
  await reader.until(6);
  reader.end();
  for (const event of reader.events) assert.ok(data(event), ajv.errorsText(data.errors));
  const [first] = reader.events;
  assert.equal(first!.restarted, true);
  const [record] = first!.records;
  assert.ok(!data({ ...first, records: [{ ...record, undocumented: 1 }] }));
  const { content } = document.paths["/api/decisions"].get.responses[200];
  assert.deepEqual(content["text/event-stream"].schema.items.properties.data.contentSchema, {
    $ref: "#/components/schemas/Decisions",
  });
  seen.add("GET /api/decisions 200");
});

test("each answer of writing calls has the shape that the document describes", async () => {
  const filesWith = (changed: string) => ({ files: [{ name, text: changed }] });
  const wider = text.replaceAll(`["${app}"]`, `["${app}", "https://b.example"]`);
  const faulty = text.replace(`["${app}"]`, `["${app}/"]`);
  const ifMatch = (etag: string): string => `If-Match: "${etag}"\r\n`;

  const checked = await expect(200, "POST", "/api/check", withBody(filesWith(wider)));
  assert.ok(checked.changes?.length > 0, JSON.stringify(checked.diagnostics));
  const shut = text
    .replace("allow_credentials = true", "")
    .replace('cors = "upstream"', 'cors = "partners"')
    .replace('path = "/gone"', 'path = "/moved"')
    .replace('["webapp2", "partners"]', '["partners", "webapp2"]');
  const others = await expect(200, "POST", "/api/check", withBody(filesWith(shut)));
  assert.ok(others.changes.some(({ field }: any) => field === "rules"));
  const found = await expect(200, "POST", "/api/check", withBody(filesWith(faulty)));
  assert.ok(found.diagnostics.some(({ fix }: any) => fix?.edit !== undefined));

  const edit = { path: ["policies", "webapp", "max_age"], value: 60 };
  await expect(200, "POST", "/api/edit", withBody({ text, edits: [edit] }));
  await expect(
    422,
    "POST",
    "/api/edit",
    withBody({ text, edits: [{ path: ["admin", "addr", "port"], value: 1 }] }),
  );
  const misspelt = { path: edit.path, vlaue: 60 };
  const { message } = await expect(400, "POST", "/api/edit", withBody({ text, edits: [misspelt] }));
  assert.match(message, /^edits\.0: .*vlaue/);

  const { etag } = await expect(200, "GET", "/api/config");
  await expect(428, "PUT", "/api/config", withBody(filesWith(wider)));
  await expect(422, "PUT", "/api/config", withBody(filesWith(faulty), ifMatch(etag)));
  const saved = await expect(200, "PUT", "/api/config", withBody(filesWith(wider), ifMatch(etag)));
  await expect(409, "PUT", "/api/config", withBody(filesWith(text), ifMatch(etag)));
  const rollback = "/api/history/{number}/rollback";
  await expect(428, "POST", rollback, withBody({}));
  await expect(409, "POST", rollback, withBody({}, ifMatch(etag)));
  await expect(404, "POST", rollback, withBody({}, ifMatch(saved.etag)), { number: "99" });
  await expect(200, "POST", rollback, withBody({}, ifMatch(saved.etag)));
});

test("what cannot be served has the shape that the document describes", async () => {
  writeFileSync(file, text.replace("[upstreams.gone]", "[upstreams.gone"));
  await gateway.reload();
  const overview = await expect(200, "GET", "/api/overview");
  assert.match(overview.reloadProblem, /not TOML/);
  writeFileSync(file, text);
  rmSync(path.join(folder, "conf/extra.toml"));
  assert.equal((await gateway.reload()).ok, true);
  // Revision 1 has a file that is not served any more.
  const { etag } = await expect(200, "GET", "/api/config");
  const body = withBody({}, `If-Match: "${etag}"\r\n`);
  await expect(422, "POST", "/api/history/{number}/rollback", body);
});

test("each refusal that any call may get has the shape that the document describes", async () => {
  for (const { method, template } of operations()) {
    await expect(401, method, template, "\r\n", { allowed: false });
    await expect(403, method, template, "Origin: https://evil.example\r\n\r\n");
  }
  for (const { method, template } of withBodies()) {
    await expect(400, method, template, `${json}Content-Length: 1\r\n\r\nx`);
    await expect(411, method, template, `${json}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`);
    await expect(413, method, template, `${json}Content-Length: 5000000\r\n\r\n{`);
    await expect(415, method, template, "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}");
  }
});

test("a fault of the gateway itself has the shape that the document describes", async () => {
  const broken = adminApi(() => Promise.reject(new Error("no answer")), {} as Control);
  const bodies: Readonly<Record<string, unknown>> = {
    "/api/check": { files: [] },
    "/api/config": { files: [] },
    "/api/history/{number}/rollback": {},
  };
  for (const { method, template } of operations()) {
    if (cannotFail.has(template)) continue;
    const body = method === "GET" ? undefined : JSON.stringify(bodies[template]);
    const response = await broken.request(template.replace("{number}", "1"), {
      method,
      headers: { "If-Match": '"x"', "Content-Type": "application/json" },
      ...(body !== undefined && { body }),
    });
    assert.equal(response.status, 500, template);
    fits(method, template, 500, await response.json());
  }
});
/** These ask nothing of the gateway, or have begun to answer before they do. */
const cannotFail = new Set(["/api/schema", "/api/edit", "/api/decisions"]);

test("every status that the document describes was seen", () => {
  const described = operations().flatMap(({ method, template, description }) =>
    Object.keys(description.responses)
      .filter((status) => status !== "500" || !cannotFail.has(template))
      .map((status) => `${method} ${template} ${status}`),
  );
  assert.deepEqual([...seen].toSorted(), described.toSorted());
});

test("every object of the document is closed, and no schema accepts everything", () => {
  const open: string[] = [];
  const visit = (schema: any, at: string): void => {
    if (Object.keys(schema).every((key) => key === "description")) open.push(at);
    if (schema.type === "object" && schema.additionalProperties === undefined) open.push(at);
    for (const [name, member] of Object.entries(schema.properties ?? {}))
      visit(member, `${at}.${name}`);
    if (schema.items !== undefined) visit(schema.items, `${at}[]`);
    for (const one of schema.anyOf ?? []) visit(one, at);
    if (typeof schema.additionalProperties === "object")
      visit(schema.additionalProperties, `${at}.*`);
  };
  for (const [name, schema] of Object.entries(document.components.schemas)) visit(schema, name);
  for (const { method, template, description } of operations())
    for (const [status, { content }] of [
      ["body", description.requestBody ?? { content: {} }],
      ...Object.entries<any>(description.responses),
    ])
      for (const { schema } of Object.values<any>(content))
        visit(schema, `${method} ${template} ${status}`);
  // A value of TOML, and the members of a JSON Schema.
  assert.deepEqual(open.toSorted(), ["JsonSchema.*", "POST /api/edit body.edits[].value"]);
});
