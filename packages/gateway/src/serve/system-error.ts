// What the system would not give the gateway, in words that say what to do about it.

type SystemError = NodeJS.ErrnoException & { address?: string; port?: number };

/** `config`: the configuration as the person names it. */
export function describeSystemError(error: unknown, config = "the configuration"): string {
  const { code, address, port, path, message = String(error) } = (error ?? {}) as SystemError;
  const where = address === undefined ? "the address" : `${address}:${port}`;
  switch (code) {
    case "EADDRINUSE":
      return `${where} is in use by another program; stop that one, or change \`addr\` in ${config}`;
    case "EACCES":
      return path === undefined
        ? `no permission to listen on ${where}; ports below 1024 need it`
        : `no permission to read ${path}`;
    case "EADDRNOTAVAIL":
      return `this machine has no address ${address ?? ""}; change \`addr\` in ${config}`;
    case "ENOENT":
      return `there is no file ${path ?? ""}`;
    default:
      return message;
  }
}
