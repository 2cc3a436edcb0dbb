// 000's precedence table as data: what each level may say, what then holds, and the files that say
// it. The table is written from the document, not from the code: per field the realm goes first, or
// the pipeline does where the toggle is set, and what only one side has is kept; between the two
// stands the server, which a location that speaks hides whole.

export const fields = [
  "allow_origins",
  "allow_methods",
  "allow_headers",
  "expose_headers",
  "allow_credentials",
  "max_age",
] as const;
export type Field = (typeof fields)[number];
export const merges = ["replace", "global-wins", "location-wins"] as const;
export type Merge = (typeof merges)[number];
export const levels = ["global", "server", "location"] as const;
export type Level = (typeof levels)[number];

export type Said = Readonly<Partial<Record<Field, unknown>>>;
/** What a level writes; undefined: it says nothing. An empty one speaks, of none of the six. */
export type Speech = Said | undefined;

export interface Words {
  readonly method: string;
  readonly header: string;
  readonly exposed: string;
}

/** What each level would allow, each another thing, so that a page can tell whose word held. */
export const words: Readonly<Record<Level, Words>> = {
  global: { method: "PUT", header: "x-global", exposed: "x-from-global" },
  server: { method: "PATCH", header: "x-server", exposed: "x-from-server" },
  location: { method: "DELETE", header: "x-location", exposed: "x-from-location" },
};

/** A boolean has but two values, so every level speaks in two tones; its age is its own, or zero. */
export type Tone = "yes" | "no";
const ages: Readonly<Record<Level, number>> = { global: 600, server: 300, location: 900 };

export function speech(
  level: Level,
  origin: string,
  tone: Tone,
  named: readonly Field[] = fields,
): Said {
  const { method, header, exposed } = words[level];
  const all: Record<Field, unknown> = {
    allow_origins: [origin],
    allow_methods: [method],
    allow_headers: [header],
    expose_headers: [exposed],
    allow_credentials: tone === "yes",
    max_age: tone === "yes" ? ages[level] : 0,
  };
  return Object.fromEntries(named.map((field) => [field, all[field]]));
}

/** What holds where the three say this; undefined: nobody says anything. */
export function effective(merge: Merge, global: Speech, server: Speech, location: Speech): Speech {
  const near = location ?? server;
  if (near === undefined || global === undefined) return near ?? global;
  if (merge === "replace") return near;
  return merge === "global-wins" ? { ...near, ...global } : { ...global, ...near };
}

/** Which levels say something of a field: `global+location`, or `nobody`. */
export function whoSays(
  field: Field,
  said: readonly (readonly [level: string, speech: Speech])[],
): string {
  const names = said.flatMap(([level, speech]) => (speech && field in speech ? [level] : []));
  return names.length === 0 ? "nobody" : names.join("+");
}

/** The realm writes its key-value pairs as the document does, the others fields. */
export function writePolicy(name: string, level: Level, said: Said): string {
  const lines = Object.entries(said).map(([field, value]) =>
    level === "global" ? `"${headerNames[field as Field]}" = ${pair(value)}` : line(field, value),
  );
  return `[policies.${name}]\npreflight_status = 200\n${lines.join("\n")}\n`;
}

const headerNames: Readonly<Record<Field, string>> = {
  allow_origins: "Access-Control-Allow-Origin",
  allow_methods: "Access-Control-Allow-Methods",
  allow_headers: "Access-Control-Allow-Headers",
  expose_headers: "Access-Control-Expose-Headers",
  allow_credentials: "Access-Control-Allow-Credentials",
  max_age: "Access-Control-Max-Age",
};

function pair(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? value.join(",") : String(value));
}

function line(field: string, value: unknown): string {
  return `${field} = ${JSON.stringify(value)}`;
}
