import type { Recipe } from "./recipe.ts";
import { maxAge } from "./usual.ts";

export const fontsCdn: Recipe = {
  name: "fonts-cdn",
  title: "Fonts, scripts and images for other sites",
  about:
    "Browsers load fonts, module scripts, `crossorigin` images and WebAssembly from another origin only under CORS, and always without cookies.",
  api: "127.0.0.1:5001",
  origins: "*",
  pages: "Every page that embeds the files.",
  policy: [
    {
      key: "allow_methods",
      value: ["GET", "HEAD", "POST"],
      says: "The files are read with GET; a policy cannot stop GET, HEAD and POST.",
    },
    {
      key: "expose_headers",
      value: ["Content-Range", "ETag"],
      says: "For pages that load parts of a large file.",
    },
    {
      key: "timing_allow_origin",
      value: true,
      says: "Pages may measure how long the files take.",
    },
    maxAge,
  ],
  notes: [
    "The answer does not depend on the origin, so it has no `Vary: Origin` and a CDN may store it once.",
    'In the page: `<link rel="preload" as="font" crossorigin>`, `<img crossorigin>`, `<script type="module">`.',
  ],
};
