// AWS Lambda behind a function URL or an HTTP API, payload format 2.0.

import { cors } from "@corsway/cors/lambda";

const withCors = cors({
  allowOrigins: ["https://app.example.com"],
  allowMethods: ["GET", "PUT"],
  allowCredentials: true,
});

export const handler = withCors(() => ({
  statusCode: 200,
  headers: { "Content-Type": "application/json" },
  body: '[{"name":"Ada"}]',
}));
