// A reader of /api/decisions in a test: what it has received so far, and the id it would come back with.

interface DecisionEvent {
  readonly records: readonly { readonly path: string; readonly time: string }[];
  readonly dropped?: number;
  readonly restarted?: boolean;
}

export interface DecisionEvents {
  readonly events: readonly DecisionEvent[];
  lastEventId(): string;
  paths(): readonly string[];
  /** Waits until there are so many records. */
  until(count: number): Promise<void>;
  end(): void;
}

export async function readDecisions(
  admin: string,
  lastEventId?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<DecisionEvents> {
  const ending = new AbortController();
  const response = await fetch(`${admin}/api/decisions`, {
    signal: ending.signal,
    headers: { ...headers, ...(lastEventId !== undefined && { "Last-Event-ID": lastEventId }) },
  });
  if (response.headers.get("content-type") !== "text/event-stream")
    throw new Error(`no stream: ${response.status} ${await response.text()}`);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const events: DecisionEvent[] = [];
  let id = "";
  let rest = "";
  const paths = (): readonly string[] =>
    events.flatMap(({ records }) => records.map(({ path }) => path));
  return {
    events,
    lastEventId: () => id,
    paths,
    async until(count) {
      while (paths().length < count || id === "") {
        const { value, done } = await reader.read();
        if (done) throw new Error(`the stream ended after ${paths().length} records`);
        const parts = (rest + value).split("\n\n");
        rest = parts.pop()!;
        for (const part of parts) {
          id = /^id: (.*)$/m.exec(part)?.[1] ?? id;
          const data = /^data: (.*)$/m.exec(part)?.[1];
          if (data !== undefined) events.push(JSON.parse(data) as DecisionEvent);
        }
      }
    },
    end: () => ending.abort(),
  };
}
