// The status as one page without a script. Everything from outside is escaped, and the page's Content
// Security Policy forbids whatever the escaping might have missed.

import { createHash } from "node:crypto";
import type { Status } from "./status.ts";

const style = `
:root { color-scheme: light dark; --ink: #1a1f24; --soft: #5b6570; --line: #d8dde2; --ground: #fff; --good: #1a7f37; --bad: #b42318; --tint: #f4f6f8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --soft: #9aa4ae; --line: #333b43; --ground: #14181c; --good: #4ac26b; --bad: #ff8a7a; --tint: #1c2228; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 1.5rem 1rem 3rem; color: var(--ink); background: var(--ground); font: 0.95rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.35rem; margin: 0; }
h2 { font-size: 1rem; margin: 2rem 0 0.5rem; }
p { margin: 0.25rem 0; color: var(--soft); }
a { color: inherit; }
.state { font-weight: 600; } .good { color: var(--good); } .bad { color: var(--bad); }
.figures { display: flex; flex-wrap: wrap; gap: 0.75rem; margin-top: 1rem; }
.figure { flex: 1 1 7rem; background: var(--tint); border-radius: 0.5rem; padding: 0.6rem 0.8rem; }
.figure b { display: block; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
.figure span { color: var(--soft); }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-weight: 600; color: var(--soft); }
th, td { padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; padding-right: 0; font-variant-numeric: tabular-nums; }
code { font: 0.9em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
td code { white-space: nowrap; }
`;

/** Content-Security-Policy of the page. */
export const pagePolicy: string = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

export function renderStatusPage(status: Status): string {
  const { generation, requests } = status;
  const figures = [
    figure(requests.total, "requests"),
    ...Object.entries(requests.byClass)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => figure(count, name === "0" ? "no response" : name)),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Corsway</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Corsway <span class="state ${status.ready ? "good" : "bad"}">${status.ready ? "serving" : status.processes.length === 0 ? "down" : "draining"}</span></h1>
<p>Version ${escape(status.version)}, started ${escape(status.started)}. Generation ${generation.number} (<code>${escape(generation.hash)}</code>) since ${escape(generation.since)}.${status.processes.length === 1 ? "" : ` Worker processes: ${status.processes.length}.`}</p>
<p>${status.files.map((file) => `<code>${escape(file)}</code>`).join(", ")}</p>
${status.reloadProblem === undefined ? "" : `<p class="bad">The changed configuration was not applied: ${escape(status.reloadProblem)}</p>`}
${status.accessLog.dropped === 0 ? "" : `<p class="bad">Access-log lines dropped because the output could not be written: ${status.accessLog.dropped}</p>`}
${status.connections.refused === 0 ? "" : `<p class="bad">Connections closed at once, since there were as many as may be: ${status.connections.refused}</p>`}
<p><a href="/status">JSON</a> · <a href="/metrics">metrics</a> · <a href="/healthz">health</a></p>
</header>
<main>
<div class="figures">${figures.join("")}</div>
<h2>CORS decisions</h2>
${table(
  ["Location", "Policy", "Request", "Outcome", "Reason", "#Count"],
  status.decisions
    .slice(0, 200)
    .map(({ location, policy, kind, outcome, reason, count }) => [
      text(location),
      text(policy),
      text(kind),
      outcome === "refused" ? `<span class="bad">refused</span>` : text(outcome),
      text(reason),
      String(count),
    ]),
  "No requests yet.",
)}
${status.servers
  .map(
    ({ name, urls, locations, locationCount }) => `<h2>Server ${escape(name)}</h2>
<p>${urls.map((url) => `<code>${escape(url)}</code>`).join(", ")}</p>
${table(
  ["Location", "Host", "Path", "Methods", "Upstream", "CORS"],
  locations
    .slice(0, 500)
    .map((location) => [
      text(location.name),
      code(location.host),
      code(location.path),
      text(location.methods),
      text(location.upstream),
      text(location.cors),
    ]),
  "No locations.",
)}
${locationCount > 500 ? `<p>and ${locationCount - 500} more: see <code>corsway check --print effective</code>.</p>` : ""}`,
  )
  .join("\n")}
<h2>Upstreams</h2>
${table(
  ["Upstream", "Address", "Health", "#Requests in progress", "#WebSockets"],
  status.upstreams.flatMap(({ name, checked, addresses }) =>
    addresses.map(({ address, healthy, active, websockets }) => [
      text(name),
      code(address),
      !checked
        ? "not checked"
        : healthy
          ? `<span class="good">well</span>`
          : `<span class="bad">not well</span>`,
      String(active),
      String(websockets),
    ]),
  ),
  "No upstreams.",
)}
${
  status.warnings.length === 0
    ? ""
    : `<h2>Warnings</h2>
${table(
  ["Where", "What"],
  status.warnings.map(({ at, message, code: name }) => [
    code(at),
    `${escape(message)} <code>${escape(name)}</code>`,
  ]),
  "",
)}`
}
</main>
</body>
</html>
`;
}

/** A heading that begins with `#` is for a column of numbers. Cells are HTML already. */
function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  empty: string,
): string {
  if (rows.length === 0) return `<p>${escape(empty)}</p>`;
  const numbers = heads.map((head) => head.startsWith("#"));
  const kind = (index: number): string => (numbers[index] === true ? ' class="number"' : "");
  const head = heads.map(
    (name, i) => `<th scope="col"${kind(i)}>${escape(name.replace("#", ""))}</th>`,
  );
  const body = rows.map(
    (row) => `<tr>${row.map((cell, i) => `<td${kind(i)}>${cell}</td>`).join("")}</tr>`,
  );
  return `<div class="wide"><table><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

function figure(count: number, name: string): string {
  return `<div class="figure"><b>${count}</b><span>${escape(name)}</span></div>`;
}

function text(value: string): string {
  return value === "" ? "–" : escape(value);
}

function code(value: string): string {
  return value === "" ? "–" : `<code>${escape(value)}</code>`;
}

function escape(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
