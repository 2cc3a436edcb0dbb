// Calls of the admin API. The token, where the listener needs one, is kept for this tab only: in
// sessionStorage, which no other origin reads and which ends with the tab.

import { signal } from "@preact/signals";

const tokenKey = "corsway-token";

let token = stored();

/** The listener wants a token that this page does not have. */
export const locked = signal(false);
/** The token that was given is not the listener's. */
export const isTokenWrong = signal(false);

/** An answer that is not a success. `status` 0: there was no answer. */
export class ApiFault extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, message: string, body?: unknown) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

export function unlock(given: string): void {
  token = given.trim();
  try {
    sessionStorage.setItem(tokenKey, token);
  } catch {
    // Storage may be switched off: the token then lasts until the page is reloaded.
  }
  locked.value = false;
}

interface Sent {
  readonly body?: unknown;
  /** The `etag` of what the change is based on. */
  readonly etag?: string;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Rejects with an ApiFault. */
export async function call<T>(method: string, path: string, sent: Sent = {}): Promise<T> {
  const response = await request(method, path, sent);
  return (await response.json()) as T;
}

/** The response itself, for a stream. Rejects with an ApiFault. */
export async function request(
  method: string,
  path: string,
  { body, etag, signal: aborting, headers }: Sent = {},
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        ...headers,
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...(etag !== undefined && { "If-Match": `"${etag}"` }),
        ...(token !== "" && { Authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(aborting && { signal: aborting }),
    });
  } catch (error) {
    if (aborting?.aborted === true) throw error;
    throw new ApiFault(0, "The gateway does not answer. Is it still running?");
  }
  if (response.ok) return response;
  if (response.status === 401) {
    isTokenWrong.value = token !== "";
    locked.value = true;
  }
  const answer: unknown = await response.json().catch(() => undefined);
  throw new ApiFault(response.status, messageOf(answer, response.status), answer);
}

function messageOf(answer: unknown, status: number): string {
  const { message, error } = (answer ?? {}) as { message?: unknown; error?: unknown };
  if (typeof message === "string" && message !== "") return message;
  return typeof error === "string" ? error : `The gateway answered with status ${status}.`;
}

function stored(): string {
  try {
    return sessionStorage.getItem(tokenKey) ?? "";
  } catch {
    return "";
  }
}
