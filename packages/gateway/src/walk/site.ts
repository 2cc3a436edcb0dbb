// One server of the configuration ready to serve: what a listener asks for each request.

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
  /** Absent: to every name. */
  readonly answersTo?: AnswersTo;
  /** Absent: all of its locations have one policy, which no path leads round. */
  readonly pathGuard?: PathGuard;
  /** Speaks where no location fits. */
  readonly fallback: CorsLayer;
  readonly vantage: Vantage;
  readonly proxies: TrustedProxies;
  readonly requestTimeout: number;
  /** Answers carry a Corsway-Decision header. */
  readonly debug: boolean;
  access(record: AccessRecord): void;
  /** A request came under a name that this server does not answer to. */
  misdirected(server: string, name: string): void;
}
