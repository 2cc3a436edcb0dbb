// The playground as a page of its own: no gateway, no server; the link holds everything.

import { keepFocus } from "./look/kept-focus.ts";
import { render } from "preact";
import { Playground } from "./playground/playground.tsx";

const page = document.getElementById("page")!;
page.replaceChildren();
render(
  <>
    <header class="bar">
      <strong class="mark">Corsway</strong>
      <span class="quiet">Why is this blocked?</span>
    </header>
    <main id="main" tabIndex={-1}>
      <Playground />
    </main>
  </>,
  page,
);
keepFocus(() => document.getElementById("main"));
