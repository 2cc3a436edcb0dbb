// What is known about one request while it is walked. When the request is over, this is its record: the log, the counters
// and the timeline read it in place, so that no record has to be made for them.

import type { Decision } from "@corsway/cors";
import type { Arrival } from "../engine/engine.ts";
import { joinedField, firstField } from "../head/flat-fields.ts";
import { readRequestHead, type ReadHead } from "../head/request-head.ts";
import type { AccessRecord } from "../observe/access-record.ts";
import { decidedBy, unspoken, type CorsLayer } from "../route/cors-layer.ts";
import { speakerOf } from "../route/router.ts";
import type { Forward } from "../upstream/forward.ts";
import type { RequestBody } from "../upstream/request-body.ts";
import type { Location } from "./location.ts";
import { isRequestId, newRequestId } from "./request-id.ts";
import type { Site } from "./site.ts";

export abstract class Account implements AccessRecord {
  readonly request_id: string;
  readonly client: string;
  status = 0;
  bytes_out = 0;
  removed: number | undefined;
  error: string | undefined;
  cause: string | undefined;

  protected readonly site: Site;
  protected readonly arrival: Arrival;
  protected readonly read: ReadHead;
  /** Whether the peer is one of the trusted proxies. */
  protected readonly trusted: boolean;
  /** The request had a host name that this server does not answer to. */
  protected readonly misdirected: boolean;
  protected readonly matched: Location | undefined;
  protected readonly layer: CorsLayer;
  protected readonly decision: Decision | undefined;
  protected forward: Forward | undefined;
  protected body: RequestBody | undefined;
  readonly #time = Date.now();
  readonly #began = performance.now();
  #ended = 0;

  constructor(site: Site, arrival: Arrival) {
    this.site = site;
    this.arrival = arrival;
    const read = (this.read = readRequestHead(arrival, site.vantage));
    const { head, host, name, path, preflightFor } = read;
    const trusted = (this.trusted = site.proxies.trusts(arrival.peer));
    this.client = trusted
      ? site.proxies.client(arrival.peer, joinedField(arrival.fields, "x-forwarded-for"))
      : arrival.peer;
    const given = trusted ? firstField(arrival.fields, "x-request-id") : undefined;
    this.request_id = given !== undefined && isRequestId(given) ? given : newRequestId();

    this.misdirected = name !== "" && site.answersTo?.(name) === false;
    // If a head could not be read, a location needs a host and a target that are certain. `*` means the server as a whole, so the
    // server's policy applies (decision 014).
    const placed = arrival.flaw === undefined ? path !== "*" : arrival.target !== "" && host !== "";
    const group = placed && !this.misdirected ? site.router.find(host, path) : undefined;
    this.matched = group?.pick(preflightFor ?? head.method);
    this.layer = this.misdirected
      ? unspoken
      : group === undefined
        ? site.fallback
        : speakerOf(group, this.matched).cors;
    this.decision = this.layer.decide(head, path);
  }

  /** The request is over: whatever is read from here on is final. */
  protected close(): void {
    this.#ended = performance.now();
    this.site.access(this, this.#place());
  }

  /** Where it is counted. */
  #place(): number {
    const { matched, decision } = this;
    if (matched === undefined) return this.site.place("", this.policy ?? "");
    const by = decision === undefined ? 0 : (decision.rule ?? -1) + 2;
    return (matched.places[by] ??= this.site.place(matched.config.name, this.policy ?? ""));
  }

  get time(): string {
    return isoTime(this.#time);
  }

  get server(): string {
    return this.site.name;
  }

  get method(): string {
    return this.arrival.method;
  }

  get host(): string {
    return this.read.host;
  }

  get path(): string {
    return this.arrival.target === "" ? "" : this.read.path;
  }

  get duration_ms(): number {
    return Math.round((this.#ended - this.#began) * 1000) / 1000;
  }

  get bytes_in(): number {
    return this.body?.received ?? 0;
  }

  get location(): string | undefined {
    return this.matched?.config.name;
  }

  get upstream(): string | undefined {
    return this.forward?.backend?.key;
  }

  get origin(): string | undefined {
    return this.read.origin;
  }

  get policy(): string | undefined {
    const { layer, decision } = this;
    if (decision === undefined) return undefined;
    return decidedBy(layer, decision)?.name ?? layer.name;
  }

  get kind(): Decision["kind"] | undefined {
    return this.decision?.kind;
  }

  get allowed(): boolean | undefined {
    return this.decision?.allowed;
  }

  get refusal(): Decision["refusal"] {
    return this.decision?.refusal;
  }

  get requested_method(): string | undefined {
    return this.read.preflightFor;
  }

  get requested_headers(): string | undefined {
    return this.read.requestedHeaders;
  }
}

let millisecond = 0;
let printed = "";

/** Many requests begin within one millisecond. */
function isoTime(time: number): string {
  if (time !== millisecond) {
    millisecond = time;
    printed = new Date(time).toISOString();
  }
  return printed;
}
