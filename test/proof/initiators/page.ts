// The page of the acts: it carries out what a page can do with its own elements and APIs, and reports which
// event it got and whether it could read what came. The sandboxed frame holds the same page.

/** An act with its URL, as the page gets it. */
export interface PageAct {
  readonly sandboxed: boolean;
  readonly number: number;
  readonly url: string;
  readonly as: string;
  readonly crossOrigin?: string;
  readonly method?: string;
  readonly credentials?: string;
  readonly mode?: string;
  readonly upload?: boolean;
  /** The type of a body of `text`. */
  readonly body?: string;
  readonly text: string;
}

export interface ActSeen {
  /** `none`: a page never hears of it. */
  readonly event: "load" | "error" | "none" | "hung";
  /** Only where a page can tell. */
  readonly reads?: "readable" | "opaque";
}

declare global {
  interface Window {
    playActs(acts: readonly PageAct[]): Promise<ActSeen[]>;
  }
}

// Runs in the browser; it must not refer to anything of this module.
function page(): void {
  const width = 16;
  const patience = 15_000;
  /** What `window.onerror` heard last: a script's own load event follows in the same task. */
  let heard: string | undefined;
  addEventListener("error", (event) => {
    heard = event.message;
  });

  function ofElement(
    element: HTMLElement,
    loaded: string,
    reads?: () => ActSeen["reads"],
  ): Promise<ActSeen> {
    return new Promise((done) => {
      element.addEventListener(loaded, () => {
        const read = reads?.();
        done(read === undefined ? { event: "load" } : { event: "load", reads: read });
      });
      element.addEventListener("error", () => done({ event: "error" }));
    });
  }

  function ofCanvas(source: CanvasImageSource): ActSeen["reads"] {
    const canvas = document.createElement("canvas");
    const drawing = canvas.getContext("2d")!;
    drawing.drawImage(source, 0, 0);
    try {
      drawing.getImageData(0, 0, 1, 1);
      return "readable";
    } catch {
      return "opaque";
    }
  }

  function isDrawn(source: CanvasImageSource): boolean {
    const drawing = document.createElement("canvas").getContext("2d")!;
    drawing.drawImage(source, 0, 0);
    try {
      return drawing.getImageData(0, 0, 1, 1).data[3]! > 0;
    } catch {
      return true;
    }
  }

  function bodyOf({ body, text }: PageAct): BodyInit | undefined {
    if (body === undefined) return undefined;
    return body.startsWith("text/plain") ? text : new Blob([text], { type: body });
  }

  const carryOut: Record<string, (act: PageAct) => Promise<ActSeen>> = {
    async fetch(act) {
      const { url, method, credentials, mode } = act;
      try {
        const response = await fetch(url, {
          ...(method === undefined ? {} : { method }),
          ...(credentials === undefined ? {} : { credentials: credentials as RequestCredentials }),
          ...(mode === undefined ? {} : { mode: mode as RequestMode }),
          ...(act.body === undefined ? {} : { body: bodyOf(act)! }),
        });
        await response.text();
        return { event: "load", reads: response.type === "opaque" ? "opaque" : "readable" };
      } catch {
        return { event: "error" };
      }
    },
    xhr(act) {
      return new Promise((done) => {
        const request = new XMLHttpRequest();
        request.open(act.method ?? "GET", act.url);
        request.withCredentials = act.credentials === "include";
        if (act.upload === true) request.upload.addEventListener("progress", () => undefined);
        request.addEventListener("load", () => done({ event: "load" }));
        request.addEventListener("error", () => done({ event: "error" }));
        request.send((bodyOf(act) as XMLHttpRequestBodyInit | undefined) ?? null);
      });
    },
    img({ url, crossOrigin }) {
      const image = new Image();
      const seen = ofElement(image, "load", () => ofCanvas(image));
      if (crossOrigin !== undefined) image.crossOrigin = crossOrigin;
      image.src = url;
      return seen;
    },
    script({ url, crossOrigin }) {
      const script = document.createElement("script");
      const seen = ofElement(script, "load", () => {
        const message = heard;
        heard = undefined;
        if (message === undefined) return undefined;
        return message === "Script error." ? "opaque" : "readable";
      });
      if (crossOrigin !== undefined) script.crossOrigin = crossOrigin;
      script.src = url;
      document.body.append(script);
      return seen;
    },
    module({ url, crossOrigin }) {
      const script = document.createElement("script");
      const seen = ofElement(script, "load");
      script.type = "module";
      if (crossOrigin !== undefined) script.crossOrigin = crossOrigin;
      script.src = url;
      document.body.append(script);
      return seen;
    },
    style({ url, crossOrigin }) {
      const link = document.createElement("link");
      const seen = ofElement(link, "load", () => {
        try {
          return link.sheet!.cssRules.length > 0 ? "readable" : undefined;
        } catch {
          return "opaque";
        }
      });
      link.rel = "stylesheet";
      if (crossOrigin !== undefined) link.crossOrigin = crossOrigin;
      link.href = url;
      document.body.append(link);
      return seen;
    },
    async font({ url, number }) {
      const name = `font${number}`;
      const source = `url(${JSON.stringify(url)})`;
      try {
        // By turns through the API and as a style sheet's rule.
        if (number % 2 === 0) await new FontFace(name, source).load();
        else {
          const style = document.createElement("style");
          style.textContent = `@font-face { font-family: ${name}; src: ${source} }`;
          document.head.append(style);
          const own = (): FontFace | undefined =>
            [...document.fonts].find(({ family }) => family.replaceAll('"', "") === name);
          // The rule counts only when no other sheet of the page is being loaded.
          for (let turn = 0; own() === undefined && turn < 500; turn++)
            await new Promise((done) => setTimeout(done, 20));
          await own()!.load();
        }
        return { event: "load" };
      } catch {
        return { event: "error" };
      }
    },
    async video({ url, crossOrigin }) {
      const video = document.createElement("video");
      const seen = ofElement(video, "loadeddata");
      if (crossOrigin !== undefined) video.crossOrigin = crossOrigin;
      video.muted = true;
      video.preload = "auto";
      video.src = url;
      document.body.append(video);
      let given = await seen;
      // A first frame may come later than its event: an empty canvas is not tainted.
      for (let turn = 0; given.event === "load" && turn < 40 && !isDrawn(video); turn++)
        await new Promise((done) => setTimeout(done, 50));
      if (given.event === "load") given = { event: "load", reads: ofCanvas(video)! };
      video.remove();
      return given;
    },
    eventsource({ url, crossOrigin }) {
      return new Promise((done) => {
        const source = new EventSource(url, { withCredentials: crossOrigin === "use-credentials" });
        const end = (event: ActSeen["event"]): void => {
          source.close();
          done({ event });
        };
        source.addEventListener("open", () => end("load"));
        source.addEventListener("error", () => end("error"));
      });
    },
    websocket({ url }) {
      return new Promise((done) => {
        const socket = new WebSocket(url.replace(/^http/, "ws"));
        socket.addEventListener("open", () => {
          socket.close();
          done({ event: "load" });
        });
        socket.addEventListener("error", () => done({ event: "error" }));
      });
    },
    async beacon(act) {
      navigator.sendBeacon(act.url, bodyOf(act) ?? null);
      return { event: "none" };
    },
    worker({ url }) {
      return new Promise((done) => {
        try {
          const worker = new Worker(url);
          worker.addEventListener("message", () => {
            worker.terminate();
            done({ event: "load" });
          });
          worker.addEventListener("error", () => done({ event: "error" }));
        } catch {
          done({ event: "error" });
        }
      });
    },
  };

  async function playAct(act: PageAct): Promise<ActSeen> {
    const hung = new Promise<ActSeen>((done) =>
      setTimeout(() => done({ event: "hung" }), patience),
    );
    return Promise.race([carryOut[act.as]!(act), hung]);
  }

  async function playHere(acts: readonly PageAct[]): Promise<ActSeen[]> {
    const seen: ActSeen[] = [];
    let next = 0;
    async function work(): Promise<void> {
      while (next < acts.length) {
        const index = next++;
        seen[index] = await playAct(acts[index]!);
      }
    }
    await Promise.all(Array.from({ length: width }, work));
    return seen;
  }

  function playInFrame(acts: readonly PageAct[]): Promise<ActSeen[]> {
    return new Promise((done) => {
      addEventListener("message", (event) => done(event.data as ActSeen[]), { once: true });
      frames[0]!.postMessage(acts, "*");
    });
  }

  if (parent === window) {
    window.playActs = async (acts) => {
      const inFrame = acts.filter((act) => act.sandboxed);
      const here = acts.filter((act) => !act.sandboxed);
      const [seenHere, seenInFrame] = await Promise.all([
        playHere(here),
        inFrame.length > 0 ? playInFrame(inFrame) : [],
      ]);
      return acts.map((act) => (act.sandboxed ? seenInFrame : seenHere).shift()!);
    };
    const frame = document.createElement("iframe");
    frame.sandbox.add("allow-scripts");
    frame.src = location.href;
    addEventListener("load", () => document.body.append(frame));
    frame.addEventListener("load", () => {
      document.title = "ready";
      // Without a driver: the acts are in the fragment, and the console has the end.
      const acts = decodeURIComponent(location.hash.slice(1));
      if (acts !== "") window.playActs(JSON.parse(acts)).then(() => console.log("played"));
    });
  } else {
    addEventListener("message", (event) => {
      playHere(event.data as PageAct[]).then((seen) => parent.postMessage(seen, "*"));
    });
  }
}

/** What a page's form does; a navigation has to be the last thing that a page does. */
export function formScript({ url, method, body }: PageAct): string {
  const written = JSON.stringify({ url, method: method ?? "GET", body });
  return `{
    const written = ${written};
    const form = document.createElement("form");
    form.action = written.url;
    form.method = written.method;
    if (written.body !== undefined) {
      form.enctype = written.body;
      const field = document.createElement("input");
      field.name = "told";
      field.value = "1";
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  }`;
}

export const actPageSource = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>loading</title><body><script>(${page})()</script>`;
