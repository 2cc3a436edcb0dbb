// The address of an API, as a person would write it.

export interface Api {
  readonly address: string;
  /** The API uses https, with this name. */
  readonly sni?: string;
  /** Its host name, which identifies it if several hosts share one address. */
  readonly host?: string;
  /** The beginning of its paths, with a slash at the end; absent for the root. */
  readonly path?: string;
}

/**
 * A URL or an address, as a person would name an API. If it has more than that (a query, a user), it is returned
 * unchanged as the address, and check then reports that it is not one.
 */
export function readApi(api: string): Api {
  const found = /^(?:(https?):\/\/)?([^/?#@\s]+)((?:\/[\w.~-]+)*)\/?$/i.exec(api.trim());
  if (found === null) return { address: api.trim() };
  const [, scheme, authority = "", path = ""] = found;
  const secure = scheme?.toLowerCase() === "https";
  const name = authority.replace(/:\d+$/, "").toLowerCase();
  const port =
    name.length < authority.length || scheme === undefined ? "" : secure ? ":443" : ":80";
  return {
    address: `${authority}${port}`,
    ...(secure && { sni: name }),
    ...(scheme !== undefined && isOwnName(name) && { host: authority.toLowerCase() }),
    ...(path !== "" && { path: `${path}/` }),
  };
}

/** Is this a name that distinguishes hosts, rather than an address of this machine or a number? */
function isOwnName(name: string): boolean {
  return /[a-z]/.test(name) && name !== "localhost" && !name.startsWith("[");
}
