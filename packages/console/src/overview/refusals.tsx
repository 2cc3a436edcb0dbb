// Refusals grouped by reason and origin, each with the question "why?" for the playground.

import type { EffectiveServer, Hour, RefusalGroup, Status } from "../api/shapes.ts";
import { refusalInWords } from "../look/refusals.ts";
import { emptyQuestion, writeQuestion } from "../playground/question.ts";

interface Props {
  readonly hour: Hour;
  readonly servers: readonly EffectiveServer[];
  readonly status: Status;
}

const shown = 50;

export function Refusals({ hour: { refusals, ungrouped }, servers, status }: Props) {
  if (refusals.length === 0)
    return (
      <p class="empty">
        <strong>Nothing was refused in the last hour</strong> A page that is blocked appears here,
        with the reason.
      </p>
    );
  const more = refusals.length - shown;
  return (
    <>
      <div class="scroll tall" tabIndex={0} role="region" aria-label="Refusals">
        <table class="stack refusals">
          <thead>
            <tr>
              <th scope="col" class="number">
                count
              </th>
              <th scope="col">page of</th>
              <th scope="col">why</th>
              <th scope="col">where</th>
            </tr>
          </thead>
          <tbody>
            {refusals.slice(0, shown).map((group) => (
              <tr key={[group.reason, group.origin, group.server, group.location].join("\n")}>
                <td class="number" data-label="count">
                  {group.count}
                </td>
                <td>
                  <code>{group.origin}</code>
                </td>
                <td>
                  {refusalInWords(group.reason)}{" "}
                  <a
                    href={whyLink(group, servers, status)}
                    aria-label={`Why was ${group.origin} refused?`}
                  >
                    why?
                  </a>
                </td>
                <td data-label="at">
                  {group.location || `${group.server}, anything else`}
                  {group.policy !== "" && <div class="quiet note">policy {group.policy}</div>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {(more > 0 || ungrouped > 0) && (
        <p class="quiet">
          {more > 0 && `${more} more groups. `}
          {ungrouped > 0 && `${ungrouped} refusals of too many different origins are not listed.`}
        </p>
      )}
      <p>
        <a href="#/traffic">Watch the traffic live</a>
      </p>
    </>
  );
}

function whyLink(group: RefusalGroup, servers: readonly EffectiveServer[], status: Status): string {
  const base = status.servers.find(({ name }) => name === group.server)?.urls[0];
  const location = servers
    .find(({ name }) => name === group.server)
    ?.locations.find(({ name }) => name === group.location);
  const path = location?.path.replace(/^[=~^]+\s*/, "") ?? "/";
  return `#playground=${writeQuestion({
    ...emptyQuestion,
    origin: group.origin,
    url: `${base ?? "http://localhost"}${path.startsWith("/") ? path : "/"}`,
    method: group.reason === "method-not-allowed" ? "PUT" : "GET",
    // Without a policy no page of another origin gets a header: the empty answer.
    server: group.policy === "" ? emptyQuestion.server : { kind: "gateway", policy: group.policy },
  })}`;
}
