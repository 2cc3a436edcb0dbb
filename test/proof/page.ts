// The page of the proof: it carries out the steps of cases with its own fetch and reports what
// it was given. The sandboxed frame holds the same page and is asked by message.

export const pagePath = "/page";

/** A step with its URL filled in, as the page gets it. */
export interface PageStep {
  readonly url: string;
  readonly wait: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly init: Readonly<Record<string, unknown>>;
}

export interface PageCase {
  readonly sandboxed: boolean;
  readonly steps: readonly PageStep[];
}

/** What a page was given for one step. */
export type Seen =
  | {
      readonly kind: "response";
      readonly type: string;
      readonly status: number;
      readonly headers: readonly (readonly [string, string])[];
    }
  | { readonly kind: "error"; readonly name: string; readonly message: string }
  | { readonly kind: "hung" };

declare global {
  interface Window {
    playCases(cases: readonly PageCase[]): Promise<Seen[][]>;
  }
}

// Runs in the browser; it must not refer to anything of this module.
function page(): void {
  const width = 16;
  const patience = 25_000;

  async function playStep(step: PageStep): Promise<Seen> {
    if (step.wait > 0) await new Promise((done) => setTimeout(done, step.wait));
    const hung = new Promise<Seen>((done) => setTimeout(() => done({ kind: "hung" }), patience));
    return Promise.race([ask(step), hung]);
  }

  async function ask(step: PageStep): Promise<Seen> {
    try {
      // As pairs: a Headers object would be iterated, which joins what is repeated.
      const headers = step.headers.map(([name, value]): [string, string] => [name, value]);
      const response = await fetch(step.url, { ...step.init, headers });
      await response.text();
      const list = [...response.headers] as [string, string][];
      return { kind: "response", type: response.type, status: response.status, headers: list };
    } catch (error) {
      const { name, message } = error as Error;
      return { kind: "error", name, message };
    }
  }

  async function playCase(one: PageCase): Promise<Seen[]> {
    const seen: Seen[] = [];
    for (const step of one.steps) seen.push(await playStep(step));
    return seen;
  }

  async function playHere(cases: readonly PageCase[]): Promise<Seen[][]> {
    const seen: Seen[][] = cases.map(() => []);
    let next = 0;
    async function work(): Promise<void> {
      while (next < cases.length) {
        const index = next++;
        seen[index] = await playCase(cases[index]!);
      }
    }
    await Promise.all(Array.from({ length: width }, work));
    return seen;
  }

  function playInFrame(cases: readonly PageCase[]): Promise<Seen[][]> {
    return new Promise((done) => {
      addEventListener("message", (event) => done(event.data as Seen[][]), { once: true });
      frames[0]!.postMessage(cases, "*");
    });
  }

  if (parent === window) {
    window.playCases = async (cases) => {
      const inFrame = cases.filter((one) => one.sandboxed);
      const here = cases.filter((one) => !one.sandboxed);
      const [seenHere, seenInFrame] = await Promise.all([
        playHere(here),
        inFrame.length > 0 ? playInFrame(inFrame) : [],
      ]);
      return cases.map((one) => (one.sandboxed ? seenInFrame : seenHere).shift()!);
    };
    const frame = document.createElement("iframe");
    frame.sandbox.add("allow-scripts");
    frame.src = `${location.pathname}?frame`;
    addEventListener("load", () => document.body.append(frame));
    frame.addEventListener("load", () => (document.title = "ready"));
  } else {
    addEventListener("message", (event) => {
      playHere(event.data as PageCase[]).then((seen) => parent.postMessage(seen, "*"));
    });
  }
}

export const pageSource = `<!doctype html><meta charset="utf-8"><title>loading</title><body><script>(${page})()</script>`;
