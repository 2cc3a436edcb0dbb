// One server of the configuration, ready to serve: what a listener calls for each request.

import type { AccessRecord } from "../observe/access-record.ts";
import type { AnswersTo } from "../route/answered-host.ts";
import type { CorsLayer } from "../route/cors-layer.ts";
import type { Location } from "./location.ts";
import type { Vantage } from "../head/request-head.ts";
import type { PathGuard } from "../route/path-guard.ts";
import type { Router } from "../route/router.ts";
import type { TrustedProxies } from "../head/trusted-proxies.ts";

export interface Site {
  readonly name: string;
  readonly router: Router<Location>;
  /** Absent: the server answers to every name. */
  readonly answersTo?: AnswersTo;
  /** Absent: all of its locations have one policy, so there is none to bypass. */
  readonly pathGuard?: PathGuard;
  /** Applies if no location matches. */
  readonly fallback: CorsLayer;
  readonly vantage: Vantage;
  readonly proxies: TrustedProxies;
  readonly requestTimeout: number;
  /** Whether responses carry a Corsway-Decision header. */
  readonly debug: boolean;
  /** The index at which the requests of a location (empty: of none) under a policy are counted. */
  place(location: string, policy: string): number;
  /** A request is over. The record is read in place, and must not be kept. */
  access(record: AccessRecord, place: number): void;
  /** A request had a host name that this server does not answer to. */
  misdirected(server: string, name: string): void;
}
