// A decision of the gateway explained by the browser's rules, against the policy that is served now.
// Loaded when the first decision is opened.

import {
  applyDecision,
  compilePolicy,
  readPolicy,
  type Policy,
  type RequestHead,
} from "@corsway/cors";
import type { BrowserResponder } from "@corsway/cors/browser";
import { explainSync, sequenceDiagram, type Explanation } from "@corsway/cors/explain";
import { noAccess } from "@corsway/cors/policy";
import type {
  AccessRecord,
  EffectiveCors,
  EffectiveServer,
  Status,
  WrittenAt,
} from "../api/shapes.ts";
import type { ProposedChange } from "../policies/proposed.ts";
import { writtenPolicy } from "../shell/served-policies.ts";

export type Explained =
  | {
      readonly kind: "explained";
      readonly explanation: Explanation;
      /** SVG text. */
      readonly diagram: string;
      readonly notes: readonly string[];
      /** What would allow it, as changes of the policy. */
      readonly proposals: readonly ProposedChange[];
    }
  | { readonly kind: "nothing"; readonly why: string };

/** Total. */
export function explainRecord(
  record: AccessRecord,
  servers: readonly EffectiveServer[],
  status: Pick<Status, "servers">,
): Explained {
  const { origin, kind } = record;
  if (origin === undefined || kind === "not-cors" || kind === "same-origin")
    return {
      kind: "nothing",
      why: "No page of another origin asked, so there is nothing to allow.",
    };
  const server = servers.find(({ name }) => name === record.server);
  const location = server?.locations.find(({ name }) => name === record.location);
  const cors = location?.cors ?? server?.fallback;
  if (server === undefined || cors === undefined)
    return { kind: "nothing", why: "Its server is no longer part of the configuration." };
  if (cors.kind === "absent" || cors.kind === "upstream")
    return {
      kind: "nothing",
      why: "CORS is left to the upstream here. The gateway does not see which headers the page needs.",
    };
  const fieldsOf = rulesOf(cors);
  const policies: Policy[] = [];
  for (const { fields } of fieldsOf) {
    const { policy } = readPolicy(writtenPolicy(fields));
    if (policy === undefined)
      return {
        kind: "nothing",
        why: "The policy has changed since, and cannot be read on its own.",
      };
    policies.push(policy);
  }
  const actual = kind === "preflight" ? 200 : record.status || 502;
  const respondWith = (rules: readonly Policy[]): BrowserResponder => {
    const decide = cors.kind === "closed" ? noAccess : compilePolicy(rules);
    return (request: RequestHead) => {
      const decision = decide(request);
      return {
        status: decision.status ?? actual,
        headers: applyDecision(decision, []).headers,
      };
    };
  };
  const notes: string[] = [];
  const method = kind === "preflight" ? (record.requested_method ?? record.method) : record.method;
  const headers = (record.requested_headers ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .map((name) => [name, "x"] as const);
  const withCredentials = fieldsOf.some(
    ({ fields }) => fields["allow_credentials"]?.value === true,
  );
  if (kind === "actual")
    notes.push("The log holds no request headers: this is the request without them.");
  notes.push(
    withCredentials
      ? "The page is taken to ask with credentials, as the policy allows."
      : "The page is taken to ask without credentials of its own choosing.",
  );
  // The rule that refuses is the last one: it answers where none allows the origin.
  const deciding = policies.length - 1;
  try {
    const explanation = explainSync(
      {
        origin,
        url: urlOf(record, server, status),
        method,
        headers,
        credentials: withCredentials ? "include" : "same-origin",
        mode: "cors",
      },
      respondWith(policies),
      policies.length === 0
        ? {}
        : {
            policyOf: () => ({
              policy: policies[deciding]!,
              ...(fieldsOf[deciding]!.name !== undefined && { name: fieldsOf[deciding]!.name }),
              spelling: (field) => field.replace(/[A-Z]/g, (char) => `_${char.toLowerCase()}`),
              place: () => undefined,
              serverWith: (policy) => respondWith(policies.with(deciding, policy)),
            }),
          },
    );
    const proposals = explanation.remedies.flatMap(({ change }) =>
      change.flatMap((one): ProposedChange[] =>
        one.kind === "policy"
          ? [
              {
                policy: fieldsOf[deciding]?.name,
                field: one.field,
                from: one.from,
                to: one.to,
                ...placeOf(fieldsOf[deciding]?.fields[one.field]?.from),
              },
            ]
          : [],
      ),
    );
    const gateway = { name: "gateway", upstream: record.upstream ?? "upstream" };
    return {
      kind: "explained",
      explanation,
      diagram: sequenceDiagram(explanation, { gateway }),
      notes,
      proposals,
    };
  } catch (error) {
    return { kind: "nothing", why: error instanceof Error ? error.message : String(error) };
  }
}

/** The log's host has no port: it is that of the server's first address. */
function urlOf(
  { host, path }: AccessRecord,
  { name, tls }: EffectiveServer,
  { servers }: Pick<Status, "servers">,
): string {
  const first = servers.find((one) => one.name === name)?.urls[0];
  const port = first === undefined ? "" : new URL(first).port;
  const isWhole = port === "" || /:\d+$/.test(host);
  return `${tls ? "https" : "http"}://${host}${isWhole ? "" : `:${port}`}${path}`;
}

interface Rule {
  readonly name: string | undefined;
  readonly fields: NonNullable<EffectiveCors["fields"]>;
}

function rulesOf({ kind, policy, fields, rules }: EffectiveCors): readonly Rule[] {
  if (kind === "policy") return [{ name: policy, fields: fields ?? {} }];
  return (rules ?? []).map((rule) => ({ name: rule.policy, fields: rule.fields }));
}

function placeOf(at: WrittenAt | undefined): Pick<ProposedChange, "at"> {
  return at === undefined ? {} : { at };
}
