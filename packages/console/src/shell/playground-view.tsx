// The playground against the policies that the gateway serves.

import type { Explanation } from "@corsway/cors/explain";
import { call } from "../api/client.ts";
import type { Overview } from "../api/shapes.ts";
import { Playground } from "../playground/playground.tsx";
import { ProposalsView } from "../policies/proposals-view.tsx";
import type { ProposedChange } from "../policies/proposed.ts";
import { servedFields, servedPolicies, type Fields } from "./served-policies.ts";
import { Await, useLoaded } from "./loaded.tsx";

export function PlaygroundView() {
  const overview = useLoaded(() => call<Overview>("GET", "/api/overview"));
  return (
    <Await of={overview} what="the policies">
      {({ effective }) => (
        <Playground
          policies={servedPolicies(effective)}
          more={(policy, explanation) => (
            <ProposalsView
              proposals={changesOf(explanation, policy, servedFields(effective).get(policy))}
            />
          )}
        />
      )}
    </Await>
  );
}

/** The first fix that is a change of the policy. */
function changesOf(
  { remedies }: Explanation,
  policy: string,
  fields: Fields | undefined,
): readonly ProposedChange[] {
  const remedy = remedies.find(({ change }) => change.some(({ kind }) => kind === "policy"));
  return (remedy?.change ?? []).flatMap((change): readonly ProposedChange[] => {
    if (change.kind !== "policy") return [];
    const { field, from, to } = change;
    const at = fields?.[field]?.from;
    return [{ policy, field, from, to, ...(at !== undefined && { at }) }];
  });
}
