// Why the system refused something to the gateway, in words that say what to do about it.

type SystemError = NodeJS.ErrnoException & { address?: string; port?: number; hostname?: string };

/** `config`: the name that the person uses for the configuration. */
export function describeSystemError(error: unknown, config = "the configuration"): string {
  const {
    code,
    address,
    port,
    path,
    hostname,
    message = String(error),
  } = (error ?? {}) as SystemError;
  const host = address?.includes(":") ? `[${address}]` : address;
  const where = host === undefined ? "the address" : `${host}:${port}`;
  switch (code) {
    case "EADDRINUSE":
      return `${where} is in use by another program; stop it, or change \`addr\` in ${config}`;
    case "EACCES":
      return path === undefined
        ? `no permission to listen on ${where}; ports below 1024 need it`
        : `no permission to read ${path}`;
    case "EADDRNOTAVAIL":
      return `this machine does not have the address ${address ?? ""}; change \`addr\` in ${config}`;
    case "ENOTFOUND":
      return `the name ${hostname} does not resolve; change \`addr\` in ${config}`;
    case "ENOENT":
      return `the file ${path ?? ""} does not exist`;
    default:
      return message;
  }
}
