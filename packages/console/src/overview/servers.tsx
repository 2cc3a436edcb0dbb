// Which policy applies where, and where each of its fields was written.

import type { EffectiveServer, Status } from "../api/shapes.ts";
import { CorsView, corsTitle, LevelOf } from "../look/cors-view.tsx";

interface Props {
  readonly effective: readonly EffectiveServer[];
  readonly status: Status;
}

export function Servers({ effective, status }: Props) {
  return (
    <>
      {effective.map(({ name, locations, fallback, tls }) => (
        <section key={name} class="card" aria-labelledby={`server-${name}`}>
          <h2 id={`server-${name}`}>Server {name}</h2>
          <p>
            {status.servers
              .find((one) => one.name === name)
              ?.urls.map((url) => (
                <span key={url}>
                  <code>{url}</code>{" "}
                </span>
              ))}
            {tls && <span class="tag">TLS</span>}
          </p>
          <ul class="places">
            {locations.map((location) => (
              <li key={location.name}>
                <details>
                  <summary>
                    <span class="place-name">{location.name}</span>
                    <code>
                      {location.methods?.join(" ") ?? ""} {location.hosts.join(" ")}
                      {location.path === "*" ? "any path" : location.path}
                    </code>
                    <span class={`policy ${location.cors.kind}`}>{corsTitle(location.cors)}</span>
                    <LevelOf at={location.cors.from} />
                  </summary>
                  <p class="quiet">
                    {location.upstream === undefined
                      ? "No upstream."
                      : `Forwarded to the upstream ${location.upstream}.`}
                  </p>
                  <CorsView cors={location.cors} />
                </details>
              </li>
            ))}
            <li>
              <details>
                <summary>
                  <span class="place-name quiet">anything else</span>
                  <span class={`policy ${fallback.kind}`}>{corsTitle(fallback)}</span>
                  <LevelOf at={fallback.from} />
                </summary>
                <CorsView cors={fallback} />
              </details>
            </li>
          </ul>
        </section>
      ))}
    </>
  );
}
