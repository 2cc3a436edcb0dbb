// What differs between the events of AWS's services. The contract of the adapters covers both payload formats.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cors, type LambdaEventV1 } from "./lambda.ts";

const app = "https://app.example.com";
const withCors = cors({ allowOrigins: app, allowMethods: ["PUT"], onMismatch: "reject" });

test("a load balancer that sends only multi-value headers gets the policy in them", async () => {
  const handler = withCors(() => ({
    statusCode: 200,
    multiValueHeaders: { vary: ["Accept", "origin"], "access-control-allow-origin": ["*"] },
  }));
  const event: LambdaEventV1 = {
    httpMethod: "GET",
    multiValueHeaders: { origin: [app], host: ["api.example.com"] },
    requestContext: { elb: { targetGroupArn: "arn:aws:elasticloadbalancing:…" } },
  };
  assert.deepEqual(await handler(event), {
    statusCode: 200,
    body: "",
    headers: {},
    multiValueHeaders: { "Access-Control-Allow-Origin": [app], Vary: ["Accept, origin"] },
  });
  const preflight = await handler({
    ...event,
    httpMethod: "OPTIONS",
    multiValueHeaders: { Origin: [app], "Access-Control-Request-Method": ["PUT"] },
  });
  assert.equal(preflight.statusCode, 204);
  assert.deepEqual(preflight.multiValueHeaders?.["Access-Control-Allow-Methods"], ["PUT"]);
});

test("a page of the load balancer's own http origin is not foreign; over https it is another one", async () => {
  const handler = withCors(() => ({ statusCode: 200 }));
  const ask = (proto: string) =>
    handler({
      httpMethod: "POST",
      headers: {
        Host: "api.example.com",
        Origin: "http://api.example.com",
        "X-Forwarded-Proto": proto,
      },
    });
  assert.equal((await ask("http")).statusCode, 200);
  assert.equal((await ask("https")).statusCode, 403);
});

test("two Origin lines of a REST API are not an origin", async () => {
  const handler = withCors(() => ({ statusCode: 200 }));
  const { statusCode } = await handler({
    httpMethod: "GET",
    headers: { origin: app },
    multiValueHeaders: { origin: ["https://evil.example", app] },
  });
  assert.equal(statusCode, 403);
});

test("a value that is not a result is left to the service, which reports it", async () => {
  const handler = withCors(() => "hello");
  assert.equal(await handler({ httpMethod: "GET", headers: {} }), "hello");
});
