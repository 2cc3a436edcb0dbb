// The demo's page. It asks the gateway from another origin, as any page would, and lays what it
// could see beside what the gateway wrote in its access log, which its own server hands it
// (same origin, so no CORS there).

const setup = await (await fetch("setup.json")).json();
const element = (name, attributes = {}, ...children) => {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
};
const byId = (id) => document.getElementById(id);

document.title = `Corsway demo: ${setup.role} page`;
byId("who").textContent = location.origin;
byId("role").textContent =
  setup.role === "allowed"
    ? `The gateway’s policies allow this page. It calls an API behind ${setup.gateway}, which is a different origin.`
    : `Only the public policy and the partners’ allow this page. It makes the same calls to ${setup.gateway} as the allowed one.`;
byId("other").href = setup.other;
byId("other").textContent = `Open the ${setup.role === "allowed" ? "foreign" : "allowed"} page`;
byId("admin").href = setup.admin;
byId("config-path").textContent = setup.configPath;

const runs = [];
let tries = 0;
for (const chapter of setup.chapters) {
  const cards = element("div", { className: "cards" });
  const heading = element("h2", {}, element("span", { className: "document" }, chapter.document));
  heading.append(chapter.title);
  byId("examples").append(element("section", {}, heading, cards));
  for (const example of chapter.examples) cards.append(card(example));
}

byId("all").onclick = async (event) => {
  if (isBusy(event.currentTarget)) return;
  await whileBusy(event.currentTarget, async () => {
    let expected = 0;
    for (const run of runs) {
      if (await run()) expected += 1;
      byId("tally").textContent = `${expected} of ${runs.length} behaved as described.`;
    }
  });
};

for (const details of document.querySelectorAll("details")) {
  details.ontoggle = async () => {
    if (details.open) byId("config").textContent = await (await fetch("corsway.toml")).text();
  };
}
document.documentElement.dataset.ready = "yes";

/** A card: what is asked, a button, and a place for the two answers. */
function card(example) {
  const result = element("div", { className: "result" });
  result.setAttribute("aria-live", "polite");
  const button = element("button", { type: "button" }, "Send");
  button.setAttribute("aria-label", `Send: ${example.title.replaceAll("`", "")}`);
  const run = async () => {
    try {
      return await tryIt();
    } catch {
      // Only this page's own server is asked outside of `ask`: it has gone.
      const gone = "The demo no longer responds. Is npm start still running?";
      result.replaceChildren(element("p", {}, gone));
      return false;
    }
  };
  const tryIt = async () => {
    const { step } = example;
    // By its path the gateway's log knows the click again, and no cached preflight fits it.
    tries += 1;
    const id = `${example.id}-${Date.now().toString(36)}-${tries}`;
    const url = `${setup.gateway}${step.path}/try-${id}`;
    const seen = await doStep(step, url, id);
    if (step.twice) await ask(url, step);
    const log = await (
      await fetch(`gateway-log?try=${id}${step.rebound ? "&rebound" : ""}`)
    ).json();
    const asSaid = isAsSaid(example[setup.role], seen, log);
    result.replaceChildren(browserPanel(seen, whyLink(step, log)), gatewayPanel(log, seen));
    made.dataset.outcome = outcomeOf(seen);
    made.dataset.logged = String(log.at(-1)?.status);
    made.dataset.preflights = String(log.filter((line) => line.kind === "preflight").length);
    made.dataset.sent = String(log.some((line) => line.kind !== "preflight"));
    made.dataset.asSaid = String(asSaid);
    return asSaid;
  };
  button.onclick = () => isBusy(button) || whileBusy(button, run);
  runs.push(() => whileBusy(button, run));
  const top = element("div", { className: "top" });
  top.append(
    element(
      "div",
      {},
      element("h3", {}, ...words(example.title)),
      element("p", {}, ...words(example.watch)),
    ),
    button,
  );
  const made = element("article", { id: example.id }, top, codeOf(example.step), result);
  return made;
}

/** Text with `code` in back-ticks. */
function words(text) {
  const parts = text.split("`");
  return parts.map((part, index) => (index % 2 === 1 ? element("code", {}, part) : part));
}

/** The call as one would type it. */
function codeOf(step) {
  const { method, path, headers, body, bodyBytes, credentials, mode, font, twice } = step;
  if (step.socket) {
    const url = `${setup.gateway.replace("http", "ws")}${path}`;
    return element("pre", { tabIndex: 0 }, `new WebSocket("${url}")`);
  }
  if (step.rebound) {
    const lines = `${method} ${path} HTTP/1.1\nHost: rebound.example\nOrigin: http://rebound.example`;
    return element("pre", { tabIndex: 0 }, lines);
  }
  if (font) {
    const css = `@font-face {\n  font-family: "Mark";\n  src: url("${setup.gateway}${path}");\n}`;
    return element("pre", { tabIndex: 0 }, css);
  }
  const init = [];
  if (method !== "GET") init.push(`  method: "${method}",`);
  if (headers) {
    const lines = Object.entries(headers).map(([name, value]) => {
      const key = /^[a-z]+$/i.test(name) ? name : `"${name}"`;
      return `    ${key}: "${value}",\n`;
    });
    init.push(`  headers: {\n${lines.join("")}  },`);
  }
  if (body) init.push(`  body: '${body.replaceAll("\n", "\\n")}',`);
  if (bodyBytes) init.push(`  body: "x".repeat(${bodyBytes}),`);
  if (mode) init.push(`  mode: "${mode}",`);
  if (credentials) init.push(`  credentials: "${credentials}",`);
  const rest = init.length === 0 ? "" : `, {\n${init.join("\n")}\n}`;
  const again = twice ? "\n// and the same again" : "";
  return element("pre", { tabIndex: 0 }, `fetch("${setup.gateway}${path}"${rest})${again}`);
}

function doStep(step, url, id) {
  if (step.font) return loadFont(url, id);
  if (step.socket) return openSocket(url);
  if (step.rebound) return askAsRebound(step.path, id);
  return ask(url, step);
}

/** As the gateway's log and the table of examples name it. */
function outcomeOf(seen) {
  if (seen.blocked) return "blocked";
  return seen.unseen ?? String(seen.status);
}

async function ask(url, { method, headers, body, bodyBytes, credentials, mode }) {
  const sent = bodyBytes ? "x".repeat(bodyBytes) : body;
  const init = { method, headers, body: sent, credentials, ...(mode && { mode }) };
  try {
    const response = await fetch(url, init);
    if (response.type === "opaque") return { blocked: false, unseen: "opaque" };
    const text = await response.text();
    return { blocked: false, status: response.status, headers: [...response.headers], text };
  } catch (error) {
    return { blocked: true, message: String(error) };
  }
}

function openSocket(url) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url.replace("http", "ws"));
    socket.onopen = () => {
      socket.close();
      resolve({ blocked: false, unseen: "open" });
    };
    socket.onerror = () => resolve({ blocked: false, unseen: "refused" });
  });
}

async function askAsRebound(path, id) {
  const asked = encodeURIComponent(`${path}/try-${id}`);
  return { blocked: false, ...(await (await fetch(`rebound?path=${asked}`)).json()) };
}

async function loadFont(url, id) {
  const face = new FontFace(`Mark ${id}`, `url("${url}")`);
  try {
    document.fonts.add(await face.load());
    return { blocked: false, status: 200, font: face.family };
  } catch (error) {
    return { blocked: true, message: String(error) };
  }
}

const unseenWords = {
  opaque: "sent; the page cannot tell what became of it",
  open: "the WebSocket opened",
  refused: "the WebSocket did not open",
};

/** The console's playground with this request: the whole question is in the fragment, which no server sees. */
function whyLink({ method, path, headers = {}, credentials = "same-origin" }, log) {
  const policy = log.find((line) => line.policy)?.policy;
  const question = {
    origin: location.origin,
    url: setup.gateway + path,
    method,
    headers: Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join("\n"),
    credentials,
    mode: "cors",
    server: policy
      ? { kind: "gateway", policy }
      : { kind: "answer", preflight: "", actual: "HTTP/1.1 200 OK\n" },
  };
  const bytes = new TextEncoder().encode(JSON.stringify(question));
  const text = btoa(String.fromCharCode(...bytes));
  const fragment = text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return element(
    "a",
    { href: `${setup.admin}/#playground=${fragment}`, className: "why", target: "_blank" },
    "Why?",
  );
}

function browserPanel(seen, why) {
  const panel = element("div", {}, element("h4", {}, "What this page sees"));
  if (seen.blocked) {
    panel.append(badge(false, "blocked"), element("pre", {}, seen.message));
    panel.append(element("p", {}, "Nothing more: a page never learns the reason. ", why));
    return panel;
  }
  if (seen.unseen) {
    panel.append(badge(seen.unseen !== "refused", unseenWords[seen.unseen]));
    return panel;
  }
  panel.append(badge(seen.status !== 421, seen.font ? "usable" : `readable, ${seen.status}`));
  if (seen.font) {
    const mark = element("p", { className: "mark" }, "y");
    mark.style.fontFamily = seen.font;
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", "a check mark, drawn by the font");
    panel.append(mark);
    return panel;
  }
  const lines = seen.headers.map(([name, value]) => `${name}: ${value}`);
  panel.append(element("pre", { tabIndex: 0 }, `${lines.join("\n")}\n\n${seen.text}`));
  return panel;
}

function gatewayPanel(log, seen) {
  const panel = element("div", {}, element("h4", {}, "What the gateway logged"));
  const list = element("ol");
  for (const line of log) {
    const item = element("li", { className: line.allowed ? "good" : "bad" });
    item.append(element("code", {}, `${line.method} ${line.path} → ${line.status}`));
    item.append(element("span", {}, ...words(line.says)));
    list.append(item);
  }
  if (seen.blocked && log.every((line) => line.kind === "preflight")) {
    list.append(
      element(
        "li",
        { className: "bad" },
        element("span", {}, "Nothing more arrived: the browser stopped here."),
      ),
    );
  }
  panel.append(list);
  return panel;
}

function badge(good, text) {
  return element(
    "span",
    { className: `badge ${good ? "good" : "bad"}` },
    `${good ? "✓" : "✕"} ${text}`,
  );
}

function isAsSaid(wanted, seen, log) {
  const preflights = log.filter((line) => line.kind === "preflight").length;
  return (
    outcomeOf(seen) === String(wanted.sees) &&
    (wanted.logged === undefined || log.at(-1)?.status === wanted.logged) &&
    preflights === wanted.preflights &&
    log.some((line) => line.kind !== "preflight") === wanted.sent
  );
}

function isBusy(button) {
  return button.getAttribute("aria-disabled") === "true";
}

/** aria-disabled, not disabled: the keyboard's place stays on the button. */
async function whileBusy(button, work) {
  button.setAttribute("aria-disabled", "true");
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-disabled");
  }
}
