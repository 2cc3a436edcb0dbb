// A change that would allow a request, as another view found it. It goes to Policies for a review: nothing is
// allowed from here.

import { writtenValue } from "../look/written-value.ts";
import { go } from "../shell/route.ts";
import { proposed, type ProposedChange } from "./proposed.ts";

export function ProposalsView({ proposals }: { readonly proposals: readonly ProposedChange[] }) {
  if (proposals.length === 0) return null;
  const review = (): void => {
    proposed.value = proposals;
    go("policies");
  };
  return (
    <div class="card">
      <h3>The change that would allow it</h3>
      <table class="stack proposal">
        <tbody>
          {proposals.map(({ policy, field, from, to }) => (
            <tr key={field}>
              <th scope="row">
                <code>{field}</code>
                {policy !== undefined && <div class="quiet note">policy {policy}</div>}
              </th>
              <td>
                <div class="removed">{writtenValue(from)}</div>
                <div class="added">{writtenValue(to)}</div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        <button type="button" class="primary" onClick={review}>
          Review this change in Policies
        </button>
      </p>
      <p class="quiet">Nothing changes until you have seen what it opens, and save it there.</p>
    </div>
  );
}
