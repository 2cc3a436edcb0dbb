// Which parts of a source are gone once its calls are migrated, and which are written again as they are.

import type { CallMigration } from "./migrate-call.ts";
import type { Node } from "./source.ts";

/** Whether the node is in options that a policy replaces, and not in an expression that the policy keeps. */
export function isRewritten(node: Node, calls: readonly CallMigration[]): boolean {
  return calls.some(({ call, declared, policy }) => {
    if (policy?.kept.some((one) => isWithin(node, one)) === true) return false;
    return (
      isWithin(node, call) ||
      (declared !== undefined && isWithin(node, { start: declared.from, end: declared.end }))
    );
  });
}

function isWithin(
  { start }: Node,
  span: { readonly start: number; readonly end: number },
): boolean {
  return span.start <= start && start < span.end;
}
