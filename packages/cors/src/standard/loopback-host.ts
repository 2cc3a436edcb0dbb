// Hosts that are always this machine. A host is compared label by label: by its beginning,
// `127.evil.example` and `localhost.evil.example` would be local too.

/**
 * Is this host, in the form in which a URL or an origin has it (lower case, addresses canonical, IPv6
 * in brackets), always this machine? True for `localhost`, the names below it, 127.0.0.0/8 and `[::1]`
 * (Secure Contexts §3.1).
 */
export function isLoopbackHost(host: string): boolean {
  if (host === "[::1]") return true;
  const labels = host.split(".");
  if (labels.at(-1) === "localhost") return true;
  return labels.length === 4 && labels[0] === "127" && labels.every((label) => /^\d+$/.test(label));
}
