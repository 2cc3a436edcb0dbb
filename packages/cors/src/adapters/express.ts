// @corsway/cors/express: Express 4 and 5, and NestJS on Express. Express passes on Node's own request and
// response, so its middleware is Node's.

import { cors as nodeCors, type NodeMiddleware } from "./node.ts";
import type { Settings } from "./settings.ts";
import type { OriginList, PolicyChoice } from "./walk.ts";

/**
 * CORS for an Express application. Install it before everything that may respond, especially
 * authentication: a preflight carries no credentials. Errors, 404s and streams keep the policy.
 * @throws PolicyError with every fault of the arguments
 * @example app.use(cors({ allowOrigins: ["https://app.example.com"], allowCredentials: true }));
 */
export function cors<Origins extends OriginList = never>(
  policy: PolicyChoice<Origins>,
  settings?: Settings,
): NodeMiddleware {
  return nodeCors(policy, settings);
}
