// The line of the Date field (RFC 9110 §5.6.7), created once per second instead of once per response.

let second = 0;
let line = "";

/** `Date: Sat, 28 Nov 2026 10:00:00 GMT` with its CR LF. */
export function dateLine(): string {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) {
    second = now;
    line = `Date: ${new Date(now * 1000).toUTCString()}\r\n`;
  }
  return line;
}
