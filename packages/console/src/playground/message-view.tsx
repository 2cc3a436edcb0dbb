// A console message, decoded.

import type { DecodedMessage } from "@corsway/cors/explain";
import { Prose } from "../look/prose.tsx";

export function MessageView({ message }: { readonly message: DecodedMessage }) {
  const { engine, reason, facts, sentence, advice, link } = message;
  return (
    <div class="card verdict bad">
      <p class="headline">
        <strong>{reason}</strong> <code>{facts.url ?? ""}</code>
      </p>
      <p class="quiet">
        printed by {engine}
        {facts.at === "preflight" ? ", about the preflight (OPTIONS)" : ""}
        {facts.origin === undefined ? "" : `, for a page of ${facts.origin}`}
      </p>
      <p>
        <Prose text={sentence.says} />
      </p>
      <p class="quiet">
        <Prose text={sentence.why} />
      </p>
      <ul class="fixes">
        {advice.map(({ side, say }) => (
          <li key={side + say}>
            <span class={`side ${side}`}>{side === "server" ? "server" : "page"}</span>
            <span>
              <Prose text={say} />
            </span>
          </li>
        ))}
      </ul>
      <p>
        <a href={link} rel="noreferrer">
          The rule in the standard
        </a>
      </p>
    </div>
  );
}
