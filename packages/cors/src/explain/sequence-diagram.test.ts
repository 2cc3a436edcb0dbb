import assert from "node:assert/strict";
import { test } from "node:test";
import { explainSync, sequenceDiagram } from "@corsway/cors/explain";

test("the diagram shows each exchange in order and the point of failure", () => {
  const explanation = explainSync(
    { origin: "https://app.example.com", url: "https://api.example.com/users", method: "PUT" },
    () => ({ status: 204, headers: [["Access-Control-Allow-Origin", "https://app.example.com"]] }),
  );
  const svg = sequenceDiagram(explanation);
  const at = (text: string): number => svg.indexOf(text);
  assert.ok(at("fetch PUT /users") > 0);
  assert.ok(at("OPTIONS /users  (preflight)") > at("fetch PUT /users"));
  assert.ok(at("Access-Control-Request-Method: PUT") > at("(preflight)"));
  assert.ok(at("blocked: CORS-preflight fetch") > at("204"));
  assert.ok(at("TypeError: Failed to fetch") > at("blocked:"));
});

test("observed values are never rendered as markup", () => {
  const explanation = explainSync(
    { origin: "https://app.example.com", url: "https://api.example.com/<script>alert(1)</script>" },
    () => ({
      status: 200,
      headers: [["Access-Control-Allow-Origin", "<img src=x>\"'&"]],
    }),
  );
  const svg = sequenceDiagram(explanation, {
    gateway: { name: "<b>gateway</b>", upstream: "<i>api</i>" },
  });
  assert.doesNotMatch(svg, /<(?:script|img|b|i)[ >]/);
  assert.match(svg, /&#60;img src=x/);
});
