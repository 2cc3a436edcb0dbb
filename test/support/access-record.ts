// A record of the access log, for tests of what reads it.

import type { AccessRecord } from "../../packages/gateway/src/observe/access-record.ts";

/** A plain GET of `/` that got a 200, and what a test changes in it. */
export function accessRecord(more: Partial<AccessRecord> = {}): AccessRecord {
  return {
    time: "2026-11-28T10:00:00.000Z",
    request_id: "1",
    client: "127.0.0.1",
    server: "public",
    method: "GET",
    host: "api.test",
    path: "/",
    status: 200,
    duration_ms: 1,
    bytes_in: 0,
    bytes_out: 0,
    ...more,
  };
}
