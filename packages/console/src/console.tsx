// The console of a gateway: the page that its admin listener serves.

import { render } from "preact";
import { Shell } from "./shell/shell.tsx";

render(<Shell />, document.getElementById("page")!);
