// One piece of advice: words that were not tried.

/** What one side could change, in words that were not tried. */
export interface Advice {
  readonly side: "server" | "client";
  readonly say: string;
}

export function server(say: string): Advice {
  return { side: "server", say };
}

export function client(say: string): Advice {
  return { side: "client", say };
}

/** A block in words, with what fixes it. */
export interface Words {
  readonly says: string;
  readonly why: string;
  readonly advice: readonly Advice[];
}
