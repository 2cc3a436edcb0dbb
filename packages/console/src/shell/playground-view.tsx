// The playground against the policies that the gateway serves.

import { call } from "../api/client.ts";
import type { Overview } from "../api/shapes.ts";
import { Playground } from "../playground/playground.tsx";
import { servedPolicies } from "./served-policies.ts";
import { Await, useLoaded } from "./loaded.tsx";

export function PlaygroundView() {
  const overview = useLoaded(() => call<Overview>("GET", "/api/overview"));
  return (
    <Await of={overview} what="the policies">
      {({ effective }) => <Playground policies={servedPolicies(effective)} />}
    </Await>
  );
}
