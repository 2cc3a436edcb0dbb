// What is asked: policies of several sizes, and a request of each kind.

export interface Shape {
  readonly count: number;
  readonly wildcards: boolean;
}

export interface Exchange {
  readonly method: string;
  readonly headers: Record<string, string>;
  /** Whether the application sets headers of its own, as nearly every one does. */
  readonly ownHeaders: boolean;
}

export const shapes: readonly Shape[] = [
  { count: 1, wildcards: false },
  { count: 10, wildcards: false },
  { count: 1000, wildcards: false },
  { count: 10, wildcards: true },
  { count: 1000, wildcards: true },
];

export function shapeName({ count, wildcards }: Shape): string {
  return `${count.toLocaleString("en")} ${wildcards ? "wildcard" : "exact"}`;
}

export function originsOf({ count, wildcards }: Shape): string[] {
  return Array.from({ length: count }, (_, i) =>
    wildcards ? `https://*.tenant${i}.example.com` : `https://app${i}.example.com`,
  );
}

/** An origin that the last entry allows: the worst case of a search. */
export function hitOf({ count, wildcards }: Shape): string {
  return wildcards
    ? `https://pr-7.tenant${count - 1}.example.com`
    : `https://app${count - 1}.example.com`;
}

/** The requests from a page of the origin that is allowed, and from one that is not. */
export function exchangesOf(
  origin: string,
  asked = "content-type,x-auth-token",
): Readonly<Record<string, Exchange>> {
  const common = { host: "api.example.com", "user-agent": "bench", accept: "*/*" };
  const asking = {
    ...common,
    "access-control-request-method": "PUT",
    "access-control-request-headers": asked,
  };
  const evil = "https://evil.example";
  const get = (from: string, ownHeaders: boolean): Exchange => ({
    method: "GET",
    headers: { ...common, origin: from },
    ownHeaders,
  });
  const options = (from: string): Exchange => ({
    method: "OPTIONS",
    headers: { ...asking, origin: from },
    ownHeaders: false,
  });
  return {
    preflight: options(origin),
    actual: get(origin, false),
    "actual, 3 headers": get(origin, true),
    refused: get(evil, false),
    "refused preflight": options(evil),
  };
}

/** Access-Control-Request-Headers that cost a careless reader the most. */
export const hostile: Readonly<Record<string, string>> = {
  "16 KiB of commas": ",".repeat(16_384),
  "16 KiB of spaces": " ".repeat(16_384),
  "16 KiB of one name": "x".repeat(16_384),
  "16 KiB of allowed names": "content-type,".repeat(1261),
  "16 KiB of other names": "x-n,".repeat(4096),
  "16 KiB of spaced commas": " ,".repeat(8192),
  "4 KiB of allowed names": "content-type,".repeat(315),
  "4 KiB of 64 names": Array.from({ length: 64 }, (_, i) => `x-${i}-`.padEnd(62, "a")).join(","),
  "4 KiB of one name": "x".repeat(4096),
  "4 KiB of spaced commas": " ,".repeat(2048),
};
