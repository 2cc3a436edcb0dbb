// A change that fixes a verdict, as data, and how it is applied: to a server's responses, or to the page's request.

import { asciiLowercase } from "../../standard/token.ts";
import type { Header } from "../../standard/message.ts";
import type { Place } from "../../diagnostics/diagnostic.ts";
import type { PageRequest } from "../../browser/request.ts";
import type { Answer } from "../../browser/sending.ts";

/** A header of the server's response, to be sent with another value. */
export interface HeaderChange {
  readonly kind: "header";
  /** On which response, and of which URL. */
  readonly on: "preflight" | "actual";
  readonly url: string;
  readonly name: string;
  /** null: absent. */
  readonly from: string | null;
  readonly to: string;
}

/** The status of a preflight, to be one that a browser accepts. */
export interface StatusChange {
  readonly kind: "status";
  readonly on: "preflight";
  readonly url: string;
  readonly from: number;
  readonly to: number;
}

/** A field of a policy, to be written differently. */
export interface PolicyChange {
  readonly kind: "policy";
  /** The name of the policy, if it has one. */
  readonly policy?: string;
  /** `allow_origins` */
  readonly field: string;
  /** null: absent. */
  readonly from: unknown;
  readonly to: unknown;
  /** Where the field, or the policy, is written. */
  readonly at?: Place;
}

/** A property of the page's request, to be changed. */
export interface RequestChange {
  readonly kind: "request";
  readonly field: "credentials" | "method" | "headers" | "mode" | "redirect";
  readonly from: string;
  /** null: left out. */
  readonly to: string | null;
}

/** One change of a remedy, as data. */
export type Change = HeaderChange | StatusChange | PolicyChange | RequestChange;

/** The response that the server would send with these changes. */
export function changedAnswer(
  answer: Answer,
  changes: readonly Change[],
  on: "preflight" | "actual",
  url: string,
): Answer {
  if ("kind" in answer) return answer;
  let { status } = answer;
  let headers: readonly Header[] = answer.headers;
  for (const change of changes) {
    if ((change.kind !== "header" && change.kind !== "status") || change.on !== on) continue;
    if (change.url !== url) continue;
    if (change.kind === "status") status = change.to;
    else {
      const lower = asciiLowercase(change.name);
      headers = [
        ...headers.filter(([name]) => asciiLowercase(name) !== lower),
        [change.name, change.to],
      ];
    }
  }
  return { status, headers };
}

/** The page's request with these changes. */
export function changedRequest(page: PageRequest, changes: readonly Change[]): PageRequest {
  const changed: { -readonly [Key in keyof PageRequest]: PageRequest[Key] } = { ...page };
  for (const change of changes) {
    if (change.kind !== "request") continue;
    if (change.field === "credentials")
      changed.credentials = change.to === "include" ? "include" : "same-origin";
    else if (change.field === "method") changed.method = change.to ?? "GET";
    else if (change.field === "mode") changed.mode = "cors";
    else if (change.field === "redirect") changed.redirect = "follow";
    else
      changed.headers = (changed.headers ?? []).filter(
        ([name]) => asciiLowercase(name) !== change.from,
      );
  }
  return changed;
}
