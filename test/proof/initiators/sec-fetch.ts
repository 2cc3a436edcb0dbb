// Which Sec-Fetch headers an engine sends, where that is not what Fetch Metadata says. The model itself does
// not know these headers; what is compared with them is its mode and destination.

import type { EngineName, Initiator } from "@corsway/cors/browser";

/** The headers that are compared, without `sec-fetch-`. */
export type Metadata = "mode" | "dest" | "site";

/** What is compared of a request of this hop. Sec-Fetch-Site only of the first: after it, engines go apart. */
export function comparedMetadata(
  name: EngineName,
  initiator: Initiator,
  hop: "first" | "later",
): readonly Metadata[] {
  // Chromium sends none with a handshake (seen here).
  if (name === "chromium" && initiator === "websocket") return [];
  // WebKit drops all of them after a redirect to another origin (seen here).
  if (name === "webkit" && hop === "later") return [];
  return hop === "first" ? ["mode", "dest", "site"] : ["mode", "dest"];
}

/** Firefox still writes `empty` for a WebSocket, as Fetch did before 2022. */
export function destinationOf(name: EngineName, destination: string): string {
  return name === "firefox" && destination === "websocket" ? "empty" : destination;
}
