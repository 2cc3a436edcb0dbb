// The frame of the console: the bar, and one view. The overview is part of the first script; the others
// are loaded when they are opened.

import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { isTokenWrong, locked, unlock } from "../api/client.ts";
import { keepFocus } from "../look/kept-focus.ts";
import { Overview } from "../overview/overview.tsx";
import { Failed } from "./loaded.tsx";
import { view, views, type View } from "./route.ts";

const titles: Readonly<Record<View, string>> = {
  overview: "Overview",
  policies: "Policies",
  traffic: "Traffic",
  history: "History",
  playground: "Playground",
};

const lazily: Readonly<Record<Exclude<View, "overview">, () => Promise<ComponentType>>> = {
  policies: async () => (await import("../policies/policies.tsx")).Policies,
  traffic: async () => (await import("../traffic/traffic.tsx")).Traffic,
  history: async () => (await import("../history/history.tsx")).History,
  playground: async () => (await import("./playground-view.tsx")).PlaygroundView,
};

export function Shell() {
  const now = view.value;
  useEffect(() => {
    document.title = `${titles[now]} · Corsway`;
  }, [now]);
  useEffect(() => keepFocus(() => document.getElementById("main")), []);
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <header class="bar">
        <strong class="mark">Corsway</strong>
        <nav aria-label="Views">
          {views.map((one) => (
            <a key={one} href={`#/${one}`} aria-current={one === now ? "page" : undefined}>
              {titles[one]}
            </a>
          ))}
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {locked.value ? (
          <Unlock />
        ) : now === "overview" ? (
          <Overview />
        ) : (
          <Lazily key={now} of={now} />
        )}
      </main>
    </>
  );
}

function skip(event: Event): void {
  event.preventDefault(); // the fragment is the view's
  document.getElementById("main")?.focus();
}

const known = new Map<View, ComponentType>();

function Lazily({ of }: { readonly of: Exclude<View, "overview"> }) {
  const failed = useSignal(false);
  const loaded = useSignal<ComponentType | undefined>(known.get(of));
  const load = (): void => {
    failed.value = false;
    lazily[of]().then(
      (component) => {
        known.set(of, component);
        loaded.value = component;
      },
      () => (failed.value = true),
    );
  };
  useEffect(() => {
    if (loaded.value === undefined) load();
  }, []);
  const Shown = loaded.value;
  if (Shown !== undefined) return <Shown />;
  if (failed.value) return <Failed says="This view could not be loaded." again={load} />;
  return (
    <p class="quiet late" role="status">
      Loading…
    </p>
  );
}

function Unlock() {
  const given = useSignal("");
  return (
    <form
      class="card narrow"
      onSubmit={(event) => {
        event.preventDefault();
        unlock(given.value);
      }}
    >
      <h1>This console needs its token</h1>
      <p class="quiet">
        It is the content of the file that <code>token_file</code> names under <code>[admin]</code>.
        It is kept for this tab only.
      </p>
      {isTokenWrong.value && (
        <p class="bad" role="alert">
          The gateway does not accept this token.
        </p>
      )}
      <label class="field">
        <span>Token</span>
        <input
          type="password"
          autocomplete="off"
          value={given.value}
          onInput={(event) => (given.value = event.currentTarget.value)}
        />
      </label>
      <button class="primary" disabled={given.value.trim().length < 16}>
        Open the console
      </button>
    </form>
  );
}
