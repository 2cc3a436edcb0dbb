// One case of the proof: what a page asks for, step by step, and what the servers answer. It is
// plain JSON without ports or addresses (places are symbolic), so that a case saved today is
// replayed tomorrow, in any engine.

import type { Header } from "@corsway/cors/standard";

/**
 * Where a server stands: a host of the stage and one of its two ports. `named`, `below` (a
 * subdomain of it) and `other` are *.localhost names, `bare` is localhost, `address` 127.0.0.1.
 */
export type Host = "named" | "below" | "other" | "bare" | "address";
/** Two ports speak plain http, `s` is the one that speaks https. */
export type Place = `${Host}:${1 | 2 | "s"}`;

/** Who asks and who answers: what a server has to know of a case. */
export interface Scene {
  readonly page: Host;
  /** The page came by https. */
  readonly secure?: true;
  readonly nodes: Readonly<Record<string, Node>>;
}

export interface Case extends Scene {
  /** What kind of case the generator meant; only for the table. */
  readonly kind: string;
  readonly page: "named" | "bare" | "address";
  /** The page is a sandboxed frame: its origin is opaque. */
  readonly sandboxed: boolean;
  readonly steps: readonly Step[];
}

/** One call of the page's fetch; the next waits for it. */
export interface Step {
  readonly node: string;
  readonly fragment?: string;
  /** Milliseconds to let pass before. */
  readonly wait?: number;
  readonly method: string;
  readonly headers: readonly Header[];
  readonly body?: string;
  readonly mode: "cors" | "no-cors" | "same-origin";
  readonly credentials: "omit" | "same-origin" | "include";
  readonly redirect: "follow" | "error" | "manual";
  readonly referrerPolicy?: string;
}

/** Kinds of bodies; the bytes and types are in contents.ts. */
export type Content =
  | "image"
  | "script"
  | "module"
  | "style"
  | "font"
  | "video"
  | "events"
  | "worker"
  | "page";

/** One URL and how it answers: the n-th preflight by the n-th answer, then by the last. */
export interface Node {
  readonly place: Place;
  /** What its body is. Absent: two letters without a type. */
  readonly content?: Content;
  readonly preflight: readonly Answer[];
  readonly actual: readonly Answer[];
}

/**
 * Header values may hold `{page}` (the page's tuple origin), `{self}` (the node's), `{origin}` (the
 * request's Origin), `{method}` and `{headers}` (what the preflight asks for), `{to:NODE}` (its
 * URL), `{user:NODE}` (its URL with user info), `{accept}` (what a WebSocket handshake wants to hear), `{n}` (the case's number).
 */
export interface Answer {
  readonly status: number;
  readonly headers: readonly Header[];
}
