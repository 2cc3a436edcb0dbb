// The bodies of the proof's answers, as small as an engine accepts them, and their types. What is binary
// is made here or read from a package: no file of another project is kept.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Content } from "./case.ts";

export const contentTypes: Readonly<Record<Content, string>> = {
  image: "image/png",
  script: "text/javascript",
  module: "text/javascript",
  style: "text/css",
  font: "font/ttf",
  video: "video/webm",
  events: "text/event-stream",
  worker: "text/javascript",
  page: "text/html",
};

/** One red pixel. */
const image = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC",
  "base64",
).toString("latin1");

/** Two frames of VP8, as a browser's MediaRecorder wrote them. */
const video = Buffer.from(
  "GkXfowEAAAAAAAAfQoaBAUL3gQFC8oEEQvOBCEKChHdlYm1Ch4ECQoWBAhhTgGcB/////////xFNm3QBAAAAAAAAABVJqWYBAAAAAAAASSrXsYMPQkBEiYgAAAAAAAAAAE2AmFFUbXV4aW5nQXBwTGliV2ViTS0wLjAuMVdBmVFUd3JpdGluZ0FwcExpYldlYk0tMC4wLjEWVK5rAQAAAAAAADOuAQAAAAAAACrXgQFzxYQNOYyzJYaIg1ZQOIOBAYaFVl9WUDjgAQAAAAAAAAawgRC6gRAfQ7Z1Af/////////ngQCjEAAAQYEAAIDwAgCdASoQABAAAEcIhYWImYSIQgICdaoD+AP6Ag1N7gAYAAD+/Vez/+Rv4+dG/8jj//w8tiOHsn/4cQAAoxAAABmBAJUAsQEAARIQABgAGFgv9AAIAAEAAAAA",
  "base64",
).toString("latin1");

let font: string | undefined;

/** Any font that a browser takes; Playwright's viewer has one. */
function fontBytes(): string {
  if (font !== undefined) return font;
  const folder = path.join(
    path.dirname(import.meta.resolve("playwright-core/package.json").replace(/^file:\/\//, "")),
    "lib/vite/traceViewer",
  );
  const name = readdirSync(folder).find((each) => each.endsWith(".ttf"));
  if (name === undefined) throw new Error(`no font in ${folder}`);
  return (font = readFileSync(path.join(folder, name)).toString("latin1"));
}

/** As latin1 text, one character a byte. */
export function bodyOf(content: Content | undefined): string {
  switch (content) {
    case undefined:
      return "ok";
    case "image":
      return image;
    case "script":
      // Not an exception: Firefox lets a page read those (whatwg/html#3149).
      return "told told";
    case "module":
      return "export {}";
    case "style":
      return "x{color:red}";
    case "font":
      return fontBytes();
    case "video":
      return video;
    case "events":
      return "data: told\n\n";
    case "worker":
      return `postMessage("told")`;
    case "page":
      return "<!doctype html><title>answered</title>";
  }
}

/** RFC 6455 §4.2.2. */
export function handshakeAccept(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}
