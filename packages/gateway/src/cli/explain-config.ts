// `explain --config`: sends the page's request to the gateway of a configuration; a fix is then a change
// in the file, with its line and column.

import { type Policy } from "@corsway/cors";
import { policyFields } from "@corsway/cors/policy";
import { renderText } from "@corsway/cors/diagnostics";
import type { PageRequest, Verdict } from "@corsway/cors/browser";
import {
  advised,
  explainSync,
  type DecidedBy,
  type PolicySource,
  type Unruled,
} from "@corsway/cors/explain";
import type { Header, ResponseHead } from "@corsway/cors/standard";
import { loadConfig } from "../config/load.ts";
import type { Config, Effective, EffectiveRule } from "../config/config.ts";
import { chooseServer, configGateway, type Ruling } from "../responders/config-gateway.ts";
import { engineOf, type Explained, type Options } from "./explain-options.ts";
import { readHeader, type Refusal } from "./explain-page.ts";
import { exposeNotes, place, redirectNotes, respondAs, type Site } from "./explain-site.ts";
import { ruleNotes, ruleToChange, sayRules } from "./explain-rules.ts";
import { resolvePath, type Terminal } from "./terminal.ts";

/** The file, checked, and what the upstream responds. */
interface OpenConfig {
  readonly config: Config;
  readonly upstream: ResponseHead;
}

export function openConfig(options: Options, terminal: Terminal): OpenConfig | Refusal {
  const typed = options.config!;
  const headers: Header[] = [];
  for (const text of options.upstreamHeader ?? []) {
    const header = readHeader(text);
    if ("say" in header) return header;
    headers.push(header);
  }
  const { upstreamStatus = "200" } = options;
  const status = /^[2-5]\d\d$/.test(upstreamStatus) ? Number(upstreamStatus) : 0;
  if (status === 0)
    return {
      say: `\`${upstreamStatus}\` is not a status that an upstream can send`,
      fix: "a number from 200 to 599",
    };
  const loaded = loadConfig(resolvePath(terminal, typed), {
    base: terminal.cwd,
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  if (loaded.config === undefined) {
    const errors = loaded.diagnostics.filter(({ severity }) => severity === "error");
    terminal.err(renderText(errors, { sources: loaded.sources, color: terminal.errorColor }));
    return {
      say: `\`${typed}\` cannot be ${loaded.unreadable === undefined ? "served as it is" : "read"}`,
      fix:
        loaded.unreadable === undefined
          ? `fix it first (corsway check ${typed})`
          : "check the path",
    };
  }
  return { config: loaded.config, upstream: { status, headers } };
}

export function explainConfig(
  page: PageRequest,
  options: Options,
  terminal: Terminal,
): Explained | Refusal {
  const opened = openConfig(options, terminal);
  if ("say" in opened) return opened;
  const url = new URL(page.url);
  const chosen = chooseServer(opened.config, url, options.server);
  if (chosen.kind === "none") return chosen;
  const gateway = configGateway(opened.config, chosen.server, opened.upstream);
  const landed = configGateway(opened.config, chosen.server, { status: 200, headers: [] });
  const site: Site = { gateway, landed, hostname: url.hostname };
  const explanation = explainSync(page, respondAs(site), {
    ...engineOf(options),
    policyOf: (verdict) => remedySource(site, verdict),
  });
  const ruling = rulingOf(site, explanation.verdict);
  const by = ruling === undefined ? "no request was made" : sayRuling(ruling);
  const notes: (readonly [string, string])[] = [["by", `server \`${chosen.server.name}\`, ${by}`]];
  if (ruling?.ambiguity !== undefined)
    notes.push([
      "note",
      `the path is ambiguous (${ruling.ambiguity}): the gateway responds with 400; write it in its plain form`,
    ]);
  if (ruling !== undefined) notes.push(...ruleNotes(ruling, page.origin));
  notes.push(...redirectNotes(site, explanation.verdict));
  if (options.read !== undefined && ruling !== undefined)
    notes.push(...exposeNotes(explanation, options.read, ruling));
  if (ruling?.keptOut === true)
    notes.push([
      "note",
      `the gateway responds with 403, and the upstream never receives the request: \`on_mismatch\` is \`${lockOf(ruling)}\``,
    ]);
  if (ruling?.misdirected !== undefined)
    notes.push([
      "note",
      `the server does not respond to the name \`${ruling.misdirected}\`: the gateway responds with 421, without CORS headers`,
    ]);
  else if (ruling !== undefined && ruling.location === undefined)
    notes.push([
      "note",
      `no location accepts ${page.method ?? "GET"} at this path: the gateway responds with 404`,
    ]);
  return { explanation, notes, decided: decidedBy(chosen.server.name, ruling) };
}

/** What `sayRuling` says, as data. */
function decidedBy(server: string, ruling: Ruling | undefined): DecidedBy {
  if (ruling === undefined || ruling.misdirected !== undefined) return { server };
  const { effective, location, rule } = ruling;
  const policy =
    effective.kind === "policy"
      ? effective.name
      : effective.kind === "rules" && rule !== undefined
        ? effective.rules[rule]!.name
        : undefined;
  return {
    server,
    ...(location === undefined ? {} : { location: location.name }),
    ...(policy === undefined ? {} : { policy }),
    ...(effective.kind === "rules" && rule !== undefined ? { rule: rule + 1 } : {}),
    ...(effective.kind === "absent" ? {} : { at: place(effective.from) }),
  };
}

/** The `on_mismatch` that refuses: of several rules the last one's. */
function lockOf({ effective }: Ruling): string {
  if (effective.kind === "policy") return effective.policy.onMismatch;
  return effective.kind === "rules" ? effective.rules.at(-1)!.policy.onMismatch : "omit";
}

/** Of the last request that came to this gateway. */
function rulingOf({ gateway, hostname }: Site, { wire }: Verdict): Ruling | undefined {
  const last = wire.findLast(({ request }) => new URL(request.url).hostname === hostname);
  return last === undefined ? undefined : gateway.ruling(last.request);
}

function sayRuling(ruling: Ruling): string {
  const { location, effective, outsidePath, misdirected } = ruling;
  if (misdirected !== undefined) return "which responds to other names only";
  const where = location === undefined ? "no location" : `location \`${location.name}\``;
  switch (effective.kind) {
    case "absent":
      return `${where}, no policy (CORS is left to the upstream)`;
    case "upstream":
      return `${where}, \`cors = "upstream"\` (${place(effective.from)})`;
    case "closed":
      return `${where}, \`cors = false\` (${place(effective.from)})`;
    case "rules":
      return `${where}, ${sayRules(effective, ruling.rule)} (${place(effective.from)})`;
    case "policy":
      return `${where}, policy \`${effective.name}\` (${place(effective.from)})${outsidePath ? `, which does not apply: the path does not match \`${effective.path ?? ""}\`` : ""}`;
  }
}

function remedySource(site: Site, verdict: Verdict): PolicySource | Unruled | undefined {
  const ruling = rulingOf(site, verdict);
  const last = verdict.wire.at(-1)?.request.url;
  if (ruling === undefined || last === undefined || new URL(last).hostname !== site.hostname)
    return undefined;
  const { effective, location, outsidePath, misdirected } = ruling;
  const advise = (say: string, why?: string): Unruled => ({
    ...advised("server", say),
    ...(why === undefined ? {} : { why }),
  });
  if (misdirected !== undefined)
    return advise(
      `if the name is yours, add ${JSON.stringify(misdirected)} to \`hosts\` in [servers.${site.gateway.server}], and keep the names that are there (the list is the lock against DNS rebinding)`,
    );
  switch (effective.kind) {
    case "absent":
      return advise(
        location === undefined
          ? "add a location for this path; for the page to read the 404, name a policy in the server or in [global]"
          : `name a policy: cors = "NAME" in [locations.${location.name}], its server or [global]`,
        location === undefined
          ? "no location of the server accepts this request, so the gateway itself responds with 404, without a policy"
          : `location \`${location.name}\` has no policy, so CORS is left to the upstream, whose response has no CORS header`,
      );
    case "upstream":
      return advise(
        `${place(effective.from)}  the upstream must send the CORS headers itself (try --upstream-header), or name a policy instead`,
        '`cors = "upstream"` leaves CORS to the upstream, whose response has no CORS header',
      );
    case "closed":
      return advise(
        `${place(effective.from)}  \`false\` denies access to other origins: name a policy instead`,
        "`cors = false` denies access to every other origin; the gateway itself decided that",
      );
    case "policy":
      if (outsidePath)
        return advise(
          `${place(effective.from)}  widen the policy's \`path\`, which is \`${effective.path ?? ""}\``,
          `policy \`${effective.name}\` does not apply: its \`path\` does not match this one`,
        );
      return sourceOf(effective, effective, site);
    case "rules":
      return sourceOf(ruleToChange(effective, ruling.rule, verdict), effective, site);
  }
}

function sourceOf(
  rule: EffectiveRule,
  effective: Extract<Effective, { kind: "policy" | "rules" }>,
  site: Site,
): PolicySource {
  const { from } = effective;
  const names = effective.kind === "rules" ? effective.rules.map(({ name }) => name) : [rule.name];
  // An inline table has its owner's name, which a list cannot use; a rule has no path of its own.
  const isNamed = names.every((name) => !name.includes("."));
  const isWhole = effective.kind === "rules" || effective.path === undefined;
  const newName = freeName(names);
  return {
    policy: rule.policy,
    name: rule.name,
    spelling,
    place: (field) =>
      // A field that does not exist yet goes next to the one that every policy has.
      (rule.fields.get(spelling(field)) ?? rule.fields.get("allow_origins"))?.at ?? from.at,
    serverWith(policy: Policy) {
      return respondAs({
        ...site,
        gateway: site.gateway.withPolicy(rule.policy, policy),
        landed: site.landed.withPolicy(rule.policy, policy),
      });
    },
    ...(isNamed && isWhole
      ? {
          inFront: {
            serverWith(policy: Policy) {
              const front = { name: newName, policy, fields: new Map() };
              return respondAs({
                ...site,
                gateway: site.gateway.withRuleInFront(rule.policy, front),
                landed: site.landed.withRuleInFront(rule.policy, front),
              });
            },
            names,
            newName,
            ...(from.at === undefined ? {} : { at: from.at }),
          },
        }
      : {}),
  };
}

function freeName(names: readonly string[]): string {
  let name = "with-credentials";
  for (let next = 2; names.includes(name); next++) name = `with-credentials-${next}`;
  return name;
}

function spelling(field: string): string {
  return policyFields.find(({ camel }) => camel === field)?.snake ?? field;
}
