// Where an API is, as a person would name it.

export interface Api {
  readonly address: string;
  /** It speaks https, under this name. */
  readonly sni?: string;
  /** Its own name, by which several hosts at one address tell who is asked. */
  readonly host?: string;
  /** Where its paths begin, with a slash at the end; absent for the root. */
  readonly path?: string;
}

/**
 * A URL or an address, as a person would name an API. What is more than that (a query, a user) comes
 * back whole as the address, of which check then says that it is none.
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

/** Is this a name by which a host is told from others, and no address of this machine or a number? */
function isOwnName(name: string): boolean {
  return /[a-z]/.test(name) && name !== "localhost" && !name.startsWith("[");
}
