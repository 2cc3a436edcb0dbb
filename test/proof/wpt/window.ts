// What a test finds in its window: fetch and XMLHttpRequest, small, over the model. It runs inside
// the page's realm (promises and TypeErrors must be that realm's), so it refers to nothing of this
// module and speaks to the outside in JSON.

export interface Outside {
  /** A PageAsk as JSON, a PageAnswer back. */
  ask(text: string): string;
  readonly origin: string;
}

// oxlint-disable-next-line typescript/no-explicit-any -- the realm's globals have no types here
type Any = any;

export function installWindow(outside: Outside): void {
  const realm = globalThis as Any;
  const { Headers, Blob, FormData, DOMException, EventTarget, Event } = realm;
  const forbidden = /[\r\n\0]/;

  function resolve(url: Any): string {
    return new realm.URL(String(url), realm.location.href).href;
  }

  function latin1(bytes: Uint8Array): string {
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return text;
  }
  function bytesOf(text: string): Uint8Array {
    return Uint8Array.from(text, (char) => char.charCodeAt(0));
  }
  function utf8(text: string): string {
    return latin1(new realm.TextEncoder().encode(text));
  }
  function decoded(text: string): string {
    return new realm.TextDecoder().decode(bytesOf(text));
  }

  interface Extracted {
    text: string;
    type?: string;
  }
  function extract(body: Any): Extracted | undefined {
    if (body === undefined || body === null) return undefined;
    if (body instanceof realm.URLSearchParams)
      return {
        text: utf8(String(body)),
        type: "application/x-www-form-urlencoded;charset=UTF-8",
      };
    if (body instanceof FormData) {
      const boundary = "----corsway";
      let text = "";
      for (const [name, value] of body)
        text += `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
      return {
        text: utf8(`${text}--${boundary}--\r\n`),
        type: `multipart/form-data; boundary=${boundary}`,
      };
    }
    if (body instanceof Blob)
      return { text: utf8(body.source ?? ""), ...(body.type === "" ? {} : { type: body.type }) };
    if (ArrayBuffer.isView(body) || Object.prototype.toString.call(body) === "[object ArrayBuffer]")
      return { text: latin1(new Uint8Array(body as ArrayBuffer)) };
    return { text: utf8(String(body)), type: "text/plain;charset=UTF-8" };
  }

  function headerPairs(init: Any): [string, string][] {
    if (init === undefined || init === null) return [];
    if (typeof init[Symbol.iterator] === "function")
      return Array.from(init, (pair: Any) => [String(pair[0]), String(pair[1])]);
    return Object.keys(init).map((name) => [name, String(init[name])]);
  }

  class Request {
    url: string;
    init: Any;
    constructor(input: Any, init: Any = {}) {
      const earlier = input instanceof Request ? input.init : {};
      this.url = input instanceof Request ? input.url : resolve(input);
      this.init = { ...earlier, ...init };
      if (this.init.mode === "navigate") throw new TypeError("mode navigate");
    }
    get method(): string {
      return this.init.method ?? "GET";
    }
    clone(): Request {
      return new Request(this);
    }
  }

  const fresh = {
    body: "",
    type: "default",
    status: 200,
    statusText: "",
    url: "",
    redirected: false,
    headers: [],
  };

  class Response {
    #body: string;
    #used = false;
    type: string;
    status: number;
    statusText: string;
    url: string;
    redirected: boolean;
    headers: Any;
    constructor(answer: Any = fresh) {
      this.#body = answer.body;
      this.type = answer.type;
      this.status = answer.status;
      this.statusText = answer.statusText;
      this.url = answer.url;
      this.redirected = answer.redirected;
      this.headers = readHeaders(answer.headers);
    }
    get ok(): boolean {
      return this.status >= 200 && this.status <= 299;
    }
    get bodyUsed(): boolean {
      return this.#used;
    }
    async text(): Promise<string> {
      if (this.#used) throw new TypeError("the body was read already");
      this.#used = true;
      return decoded(this.#body);
    }
    async json(): Promise<unknown> {
      return JSON.parse(await this.text());
    }
    async arrayBuffer(): Promise<ArrayBuffer> {
      return bytesOf(this.#body).buffer as ArrayBuffer;
    }
    async blob(): Promise<unknown> {
      return new Blob([bytesOf(this.#body)]);
    }
  }

  // `Headers` of the runtime would refuse what a server may well send.
  function readHeaders(pairs: [string, string][]): Any {
    const values = new Map<string, string>();
    for (const [name, value] of pairs) {
      const lower = name.toLowerCase();
      const earlier = values.get(lower);
      values.set(lower, earlier === undefined ? value : `${earlier}, ${value}`);
    }
    const sorted = (): [string, string][] => [...values].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      get: (name: string) => values.get(String(name).toLowerCase()) ?? null,
      has: (name: string) => values.has(String(name).toLowerCase()),
      forEach: (visit: (value: string, name: string) => void) => {
        for (const [name, value] of sorted()) visit(value, name);
      },
      entries: () => sorted().values(),
      keys: () =>
        sorted()
          .map(([name]) => name)
          .values(),
      [Symbol.iterator]: () => sorted().values(),
    };
  }

  function referrerOf(init: Any): string {
    if (init.referrer === undefined || init.referrer === "about:client") return realm.location.href;
    return init.referrer === "" ? "" : resolve(init.referrer);
  }

  async function fetch(input: Any, init: Any = {}): Promise<Response> {
    const request = new Request(input, init);
    const options = request.init;
    const body = extract(options.body);
    const answer = JSON.parse(
      outside.ask(
        JSON.stringify({
          origin: outside.origin,
          url: request.url,
          method: options.method === undefined ? "GET" : String(options.method),
          headers: headerPairs(options.headers),
          ...(body === undefined
            ? {}
            : {
                body: {
                  kind: "bytes",
                  length: body.text.length,
                  ...(body.type === undefined ? {} : { contentType: body.type }),
                },
                text: body.text,
              }),
          mode: options.mode ?? "cors",
          credentials: options.credentials ?? "same-origin",
          redirect: options.redirect ?? "follow",
          ...(options.referrerPolicy === undefined
            ? {}
            : { referrerPolicy: options.referrerPolicy }),
          referrer: referrerOf(options),
        }),
      ),
    );
    if (answer.kind === "blocked") throw new TypeError(`Failed to fetch: ${answer.reason}`);
    return new Response(answer);
  }

  class XMLHttpRequest extends EventTarget {
    static UNSENT = 0;
    static OPENED = 1;
    static HEADERS_RECEIVED = 2;
    static LOADING = 3;
    static DONE = 4;
    UNSENT = 0;
    OPENED = 1;
    HEADERS_RECEIVED = 2;
    LOADING = 3;
    DONE = 4;
    readyState = 0;
    status = 0;
    statusText = "";
    responseURL = "";
    responseType = "";
    responseXML = null;
    timeout = 0;
    withCredentials = false;
    upload = new Upload();
    #method = "GET";
    #url = "";
    #asynchronous = true;
    #headers: [string, string][] = [];
    #answer: Any;
    #sent = false;
    #serial = 0;

    constructor() {
      super();
      declareHandlers(this);
    }
    open(method: Any, url: Any, asynchronous: Any = true): void {
      if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(String(method)))
        throw new DOMException("no method", "SyntaxError");
      this.#serial++;
      const upper = String(method).toUpperCase();
      this.#method = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"].includes(upper)
        ? upper
        : String(method);
      this.#url = resolve(url);
      this.#asynchronous = Boolean(asynchronous);
      this.#headers = [];
      this.#answer = undefined;
      this.status = 0;
      this.statusText = "";
      this.#sent = false;
      this.#show(1);
    }
    setRequestHeader(name: Any, value: Any): void {
      if (this.readyState !== 1 || this.#sent)
        throw new DOMException("not open", "InvalidStateError");
      const text = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
      if (forbidden.test(text) || String(name) === "")
        throw new DOMException("no header", "SyntaxError");
      const lower = String(name).toLowerCase();
      const earlier = this.#headers.find(([each]) => each.toLowerCase() === lower);
      if (earlier === undefined) this.#headers.push([String(name), text]);
      else earlier[1] += `, ${text}`;
    }
    send(body: Any = null): void {
      if (this.readyState !== 1 || this.#sent)
        throw new DOMException("not open", "InvalidStateError");
      this.#sent = true;
      const none = this.#method === "GET" || this.#method === "HEAD";
      const extracted = none ? undefined : extract(body);
      const serial = this.#serial;
      const listened = this.upload.isListened();
      const ask = {
        origin: outside.origin,
        url: this.#url,
        method: this.#method,
        headers: this.#headers,
        ...(extracted === undefined
          ? {}
          : {
              body: {
                kind: "bytes",
                length: extracted.text.length,
                ...(extracted.type === undefined ? {} : { contentType: extracted.type }),
              },
              text: extracted.text,
            }),
        mode: "cors",
        credentials: this.withCredentials ? "include" : "same-origin",
        useCorsPreflight: listened,
        initiator: "xhr",
        referrer: realm.location.href,
      };
      if (!this.#asynchronous) {
        this.#take(JSON.parse(outside.ask(JSON.stringify(ask))));
        const failed = this.#answer === undefined;
        this.readyState = 4;
        this.#fire(this, "readystatechange");
        if (failed) throw new DOMException("A network error occurred", "NetworkError");
        this.#fire(this, "load");
        this.#fire(this, "loadend");
        return;
      }
      this.#fire(this, "loadstart");
      if (extracted !== undefined && listened) this.#fire(this.upload, "loadstart");
      realm.setTimeout(() => {
        if (serial !== this.#serial) return;
        this.#take(JSON.parse(outside.ask(JSON.stringify(ask))));
        const late = extracted !== undefined && listened;
        if (this.#answer === undefined) {
          this.#show(4);
          if (late) for (const type of ["error", "loadend"]) this.#fire(this.upload, type);
          for (const type of ["error", "loadend"]) this.#fire(this, type);
          return;
        }
        if (late) for (const type of ["progress", "load", "loadend"]) this.#fire(this.upload, type);
        this.#show(2);
        this.#show(3);
        this.#fire(this, "progress");
        this.#show(4);
        for (const type of ["load", "loadend"]) this.#fire(this, type);
      }, 0);
    }
    abort(): void {
      this.#serial++;
      this.#answer = undefined;
      this.status = 0;
      this.readyState = 0;
    }
    getResponseHeader(name: Any): string | null {
      return this.#answer === undefined ? null : this.#answer.headers.get(name);
    }
    getAllResponseHeaders(): string {
      if (this.#answer === undefined) return "";
      return [...this.#answer.headers]
        .map(([name, value]: Any) => `${name}: ${value}\r\n`)
        .join("");
    }
    overrideMimeType(): void {}
    get responseText(): string {
      return this.#answer === undefined || this.readyState < 3 ? "" : decoded(this.#answer.body);
    }
    get response(): unknown {
      if (this.responseType === "json")
        return this.readyState === 4 ? JSON.parse(this.responseText) : null;
      return this.responseText;
    }
    #take(answer: Any): void {
      if (answer.kind === "blocked") return;
      this.#answer = { ...answer, headers: readHeaders(answer.headers) };
      this.status = answer.status;
      this.statusText = answer.statusText;
      this.responseURL = answer.url;
    }
    #show(state: number): void {
      this.readyState = state;
      this.#fire(this, "readystatechange");
    }
    #fire(target: Any, type: string): void {
      const event = new Event(type);
      for (const [name, value] of [
        ["lengthComputable", false],
        ["loaded", 0],
        ["total", 0],
      ] as const)
        Object.defineProperty(event, name, { value });
      target.dispatchEvent(event);
    }
  }

  class Upload extends EventTarget {
    #types = new Set<string>();
    constructor() {
      super();
      declareHandlers(this);
    }
    addEventListener(type: Any, listener: Any, options?: Any): void {
      this.#types.add(type);
      super.addEventListener(type, listener, options);
    }
    isListened(): boolean {
      return this.#types.size > 0;
    }
  }

  /** `onload` and its like: an assignment is a listener. */
  function declareHandlers(target: Any): void {
    for (const type of [
      "readystatechange",
      "loadstart",
      "progress",
      "abort",
      "error",
      "load",
      "timeout",
      "loadend",
    ]) {
      let handler: Any = null;
      let listening = false;
      Object.defineProperty(target, `on${type}`, {
        get: () => handler,
        set(value: Any) {
          handler = value;
          if (listening || typeof value !== "function") return;
          listening = true;
          target.addEventListener(type, (event: Any) => handler?.call(target, event));
        },
      });
    }
  }

  Object.assign(realm, { fetch, Request, Response, XMLHttpRequest, Headers });
}
