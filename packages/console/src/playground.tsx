// The playground as a page of its own: no gateway, no server; the link holds everything.

import { render } from "preact";
import { Playground } from "./playground/playground.tsx";

render(
  <>
    <header class="bar">
      <strong class="mark">Corsway</strong>
      <span class="quiet">Why is this blocked?</span>
    </header>
    <main id="main">
      <Playground />
    </main>
  </>,
  document.getElementById("page")!,
);
