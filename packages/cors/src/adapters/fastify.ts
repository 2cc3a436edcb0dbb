// @corsway/cors/fastify: a plugin for Fastify 5, and NestJS on Fastify. It answers preflights in
// `onRequest`, and so before every hook that is added later, especially authentication.

import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from "fastify";
import { isPending, type Answer } from "./answer.ts";
import { isDecided, nodeReader, putOnHead } from "./node-head.ts";
import type { NodeRequest } from "./node-head.ts";
import type { Settings } from "./settings.ts";
import {
  createWalk,
  withControls,
  type CorsControls,
  type OriginList,
  type PolicyChoice,
  type Walk,
} from "./walk.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** This route's own policy, or `false`: no page of another origin may read it. */
    cors?: PolicyChoice | false;
  }
}

/** A Fastify plugin, with the controls of its policy. */
export interface FastifyMiddleware extends CorsControls {
  (fastify: AnyFastify, options: unknown, done: (error?: Error) => void): void;
}

/** Of any server, type provider and logger: with the defaults, NestJS's adapter does not accept the plugin. */
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyFastify = FastifyInstance<any, any, any, any, any>;

type RouteWalk = Walk<NodeRequest> | false;

/** The policies of one URL by the method that a preflight asks for. */
const routeWalks = Symbol("corsway.routeWalks");

/**
 * CORS for a Fastify server and everything that is registered after it, at any depth. A route may have its
 * own policy in `config.cors`; its faults are thrown when the route is added.
 * @throws PolicyError with every fault of the arguments
 * @example await app.register(cors({ allowOrigins: ["https://app.example.com"] }));
 */
export function cors<Origins extends OriginList = never>(
  policy: PolicyChoice<Origins>,
  settings?: Settings,
): FastifyMiddleware {
  const walk = createWalk(policy, settings, nodeReader);

  const plugin = (fastify: AnyFastify, _options: unknown, done: (error?: Error) => void): void => {
    const byUrl = new Map<string, Map<string, RouteWalk>>();

    fastify.addHook("onRoute", function (this: AnyFastify, route: RouteOptions) {
      const config = route.config as (RouteConfig & object) | undefined;
      const own = config?.cors;
      if (own === undefined || routeWalks in config!) return;
      const routeWalk = own === false ? false : createWalk(own, settings, nodeReader);
      Object.assign(config!, { [routeWalks]: new Map([["", routeWalk]]) });
      const known = byUrl.get(route.url);
      const walks = known ?? new Map<string, RouteWalk>();
      for (const method of [route.method].flat()) walks.set(method.toUpperCase(), routeWalk);
      if (known !== undefined) return;
      byUrl.set(route.url, walks);
      // A preflight is an OPTIONS request, decided by the policy of the method that it asks for.
      const { routePath } = route as RouteOptions & { readonly routePath: string };
      this.route({
        method: "OPTIONS",
        url: routePath,
        ...(route.constraints !== undefined && { constraints: route.constraints }),
        config: { [routeWalks]: walks } as object,
        handler: (_request, reply) => reply.callNotFound(),
      });
    });

    fastify.addHook("onRequest", (request, reply, next) => {
      if (isDecided(reply.raw)) {
        walk.report({ kind: "decided-already" });
        return next();
      }
      const chosen = walkOf(request, walk);
      if (chosen === false) return next();
      const answer = chosen.decide(request.raw);
      if (isPending(answer)) void answer.then((settled) => carryOut(settled, reply, next));
      else carryOut(answer, reply, next);
    });
    done();
  };
  // What fastify-plugin does: the hooks belong to the parent, not to a separate scope.
  Object.assign(plugin, {
    [Symbol.for("skip-override")]: true,
    [Symbol.for("fastify.display-name")]: "@corsway/cors",
  });
  return withControls(plugin, walk);
}

interface RouteConfig {
  readonly cors?: PolicyChoice | false;
  readonly [routeWalks]?: ReadonlyMap<string, RouteWalk>;
}

function walkOf(request: FastifyRequest, general: Walk<NodeRequest>): RouteWalk {
  const own = (request.routeOptions.config as RouteConfig)[routeWalks];
  if (own === undefined) return general;
  const asked = request.headers["access-control-request-method"];
  return own.get("") ?? own.get(asked ?? "") ?? general;
}

function carryOut(answer: Answer, reply: FastifyReply, next: () => void): void {
  putOnHead(reply.raw, answer);
  if (answer.status === undefined) return next();
  void reply.code(answer.status).send();
}
