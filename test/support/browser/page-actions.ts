// What a page can do to a server without being let read its answers: every way that sends a request,
// carried out by the page itself. Whoever runs it gives the browser; nothing here knows which one.

/** One thing that a page does. `url` may be of any origin. */
export interface PageAction {
  readonly kind: keyof typeof ways;
  readonly url: string;
}

/** Does it leave the page? Then it has to be the last thing. */
export function isNavigation(kind: ActionKind): boolean {
  return kind === "link" || kind === "form";
}

export type ActionKind = PageAction["kind"];

/** Each way with the method that it sends, and whether a browser asks ahead (a preflight). */
export const ways = {
  get: { method: "GET" },
  "get with cookies": { method: "GET" },
  head: { method: "HEAD" },
  post: { method: "POST" },
  "post with cookies": { method: "POST" },
  "post unread": { method: "POST" },
  "get unread": { method: "GET" },
  put: { method: "PUT", preflighted: true },
  "post json": { method: "POST", preflighted: true },
  beacon: { method: "POST" },
  image: { method: "GET" },
  script: { method: "GET" },
  "image with crossorigin": { method: "GET" },
  frame: { method: "GET" },
  "form in a frame": { method: "POST" },
  "form in a frame without referrer": { method: "POST" },
  link: { method: "GET" },
  form: { method: "POST" },
} as const satisfies Record<string, { readonly method: string; readonly preflighted?: true }>;

/** A script for a page: carries the actions out, one after the other; what they answer is not awaited. */
export function actionScript(actions: readonly PageAction[]): string {
  return `(${carryOut.toString()})(${JSON.stringify(actions)})`;
}

/** The same in a sandboxed frame of the page, whose origin is opaque. */
export function sandboxedScript(actions: readonly PageAction[]): string {
  const inside = JSON.stringify(`<body><script>${actionScript(actions)}</script>`).replaceAll(
    "</",
    "<\\/",
  );
  return `{
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts allow-forms";
    frame.srcdoc = ${inside};
    document.body.append(frame);
  }`;
}

/** Runs in the page: it must not use anything from outside its own text. */
function carryOut(actions: readonly { kind: string; url: string }[]): void {
  const ask = (url: string, init: RequestInit): void => {
    fetch(url, init).catch(() => undefined);
  };
  const append = (name: "img" | "script" | "iframe", url: string, crossOrigin = false): void => {
    const element = document.createElement(name);
    if (crossOrigin) (element as HTMLImageElement).crossOrigin = "anonymous";
    element.src = url;
    document.body.append(element);
  };
  const submit = (url: string, inFrame: boolean): void => {
    const form = document.createElement("form");
    form.method = "POST";
    form.action = url;
    if (inFrame) {
      const frame = document.createElement("iframe");
      frame.name = form.target = `frame${Math.random()}`;
      document.body.append(frame);
    }
    document.body.append(form);
    form.submit();
  };
  const text = { method: "POST", body: "x" };
  const carry: Record<string, (url: string) => void> = {
    get: (url) => ask(url, {}),
    "get with cookies": (url) => ask(url, { credentials: "include" }),
    head: (url) => ask(url, { method: "HEAD" }),
    post: (url) => ask(url, text),
    "post with cookies": (url) => ask(url, { ...text, credentials: "include" }),
    "post unread": (url) => ask(url, { ...text, mode: "no-cors", credentials: "include" }),
    "get unread": (url) => ask(url, { mode: "no-cors" }),
    put: (url) => ask(url, { method: "PUT", body: "x" }),
    "post json": (url) => ask(url, { ...text, headers: { "Content-Type": "application/json" } }),
    beacon: (url) => navigator.sendBeacon(url, "x"),
    image: (url) => append("img", url),
    "image with crossorigin": (url) => append("img", url, true),
    script: (url) => append("script", url),
    frame: (url) => append("iframe", url),
    "form in a frame": (url) => submit(url, true),
    "form in a frame without referrer": (url) => {
      // A frame of the page's own origin, under a referrer policy of its own.
      const frame = document.createElement("iframe");
      frame.srcdoc = `<meta name="referrer" content="no-referrer"><form method="POST" action="${url}"></form><script>document.forms[0].submit()</${"script"}>`;
      document.body.append(frame);
    },
    form: (url) => submit(url, false),
    link: (url) => {
      const link = document.createElement("a");
      link.href = url;
      document.body.append(link);
      link.click();
    },
  };
  for (const { kind, url } of actions) carry[kind]!(url);
}
