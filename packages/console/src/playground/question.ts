// What is asked in the playground, as one value that a link can carry. It travels in the fragment,
// which no server sees.

/** Who answers the page's request. */
export type Server =
  /** Response heads as pasted. With an empty `preflight`, one unlabelled answer is used for both. */
  | { readonly kind: "answer"; readonly preflight: string; readonly actual: string }
  /** A policy as TOML or JSON. */
  | { readonly kind: "policy"; readonly text: string }
  /** A policy that the gateway serves, by its name. Only in the console. */
  | { readonly kind: "gateway"; readonly policy: string };

export interface Question {
  readonly origin: string;
  readonly url: string;
  readonly method: string;
  /** `Name: value` lines. */
  readonly headers: string;
  /** As far as it matters: a text may bring a Content-Type, and a stream forces a preflight. */
  readonly body: "none" | "text" | "stream";
  readonly credentials: "omit" | "same-origin" | "include";
  readonly mode: "cors" | "no-cors" | "same-origin";
  readonly server: Server;
}

export const emptyQuestion: Question = {
  origin: "https://app.example.com",
  url: "https://api.example.com/users",
  method: "GET",
  headers: "",
  body: "none",
  credentials: "same-origin",
  mode: "cors",
  server: { kind: "answer", preflight: "", actual: "HTTP/1.1 200 OK\n" },
};

const bodies = ["none", "text", "stream"] as const;
const credentials = ["omit", "same-origin", "include"] as const;
const modes = ["cors", "no-cors", "same-origin"] as const;

/** As text for a fragment. */
export function writeQuestion(question: Question): string {
  const bytes = new TextEncoder().encode(JSON.stringify(question));
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Undefined where the fragment holds none. Total: anybody can write a link. */
export function readQuestion(fragment: string): Question | undefined {
  try {
    const binary = atob(fragment.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    return checked(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

function checked(value: unknown): Question | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const given = value as Record<string, unknown>;
  const text = (name: string): string => (typeof given[name] === "string" ? given[name] : "");
  const server = serverOf(given["server"]);
  if (text("url") === "" || server === undefined) return undefined;
  return {
    origin: text("origin"),
    url: text("url"),
    method: text("method") || "GET",
    headers: text("headers"),
    body: bodies.find((one) => one === given["body"]) ?? "none",
    credentials: credentials.find((one) => one === given["credentials"]) ?? "same-origin",
    mode: modes.find((one) => one === given["mode"]) ?? "cors",
    server,
  };
}

function serverOf(value: unknown): Server | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const given = value as Record<string, unknown>;
  const text = (name: string): string => (typeof given[name] === "string" ? given[name] : "");
  switch (given["kind"]) {
    case "answer":
      return { kind: "answer", preflight: text("preflight"), actual: text("actual") };
    case "policy":
      return { kind: "policy", text: text("text") };
    case "gateway":
      return { kind: "gateway", policy: text("policy") };
    default:
      return undefined;
  }
}
