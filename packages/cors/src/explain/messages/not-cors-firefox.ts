// What Firefox says of requests that something other than CORS stopped. Its Content Security Policy lines are read in all of its
// languages; each other wording is a whole sentence.

import { directives, webSocket } from "./not-cors-parts.ts";
import type { Wording } from "./wording.ts";

/**
 * Firefox in all its languages: its name for the policy, the URL, the directive that applies in
 * brackets (newer versions), and the policy's own in quotes, in any order.
 */
const cspPrefix = "Content[- ]Security[- ]Policy ?[:：] ?";
const cspUrl = `(?=[^\\n]{0,500}?([a-z]{2,20}:[^ "'()（）]{1,4096}))`;
const cspEffective = `(?:(?=[^\\n]{0,600}?[(（](${directives})[)）])|)`;
const cspQuoted = `[^\\n]{0,4600}?["'] ?(${directives})(?=[ "'])`;

const blocked =
  "blockiert|blocker|blokk|blok|bloqu|blocc|blocage|zablok|заблок|封鎖|阻止|차단|ブロック|engellen|αποκλ|dicekal|uždraust|chặn|ปิดกั้น|حُجب";

const mixed =
  "mixed (?:active|display)|смешанного|змішаного|(?:active?o?|ativo) mist|mist[oa] (?:attiv|ativ|di vis|passiv)|conteúdo misto|contenuto misto|mixto|mixte|gemischte|gemengde|blandet|blandat|blanda |smíšené|mieszan|vegyes|混在|混合活|混合内容|混和的|혼합된|karma (?:etkin|gösterim)|μικτού|campuran|mišraus|trộn lẫn|مختلط";

export const firefoxNotCors: readonly Wording[] = [
  {
    reason: "csp-blocked",
    pattern: new RegExp(
      `${cspPrefix}(?=\\(|[^\\n]{0,900}(?:\\bCSP\\b|report-only))${cspUrl}${cspEffective}${cspQuoted}`,
    ),
    holes: ["url", "directive", "value"],
    passes: true,
  },
  {
    reason: "csp-blocked",
    pattern: new RegExp(`${cspPrefix}${cspUrl}${cspEffective}${cspQuoted}`),
    holes: ["url", "directive", "value"],
  },
  {
    reason: "csp-blocked",
    pattern:
      /Content[- ]Security[- ]Policy: The page's settings blocked (?:an inline (?:script|style)|an event handler)[^\n]{0,200}?violates the following directive: ["']([\w-]{1,40})/,
    holes: ["directive"],
    fixed: { why: "inline" },
  },
  {
    reason: "csp-blocked",
    pattern:
      /Content[- ]Security[- ]Policy: The page's settings blocked a JavaScript eval[^\n]{0,200}?violates the following directive: ["']([\w-]{1,40})/,
    holes: ["directive"],
    fixed: { why: "eval" },
  },
  {
    reason: "mime-type",
    pattern:
      /The resource from ["']([^"' ]{1,4096})["'] was blocked due to MIME type (?:\(["']([^"']{0,80})["']\) )?mismatch/,
    holes: ["url", "value"],
  },
  {
    reason: "mime-type",
    pattern:
      /(?:Loading (?:module|script|Worker)|Script) from ["']([^"' ]{1,4096})["'] (?:with importScripts\(\) )?was blocked because of a disallowed MIME type \(["']([^"']{0,80})["']\)/,
    holes: ["url", "value"],
  },
  {
    reason: "network-error",
    pattern:
      /Firefox can['’]t establish a connection to the server at (wss?:[^ ]{1,4096}?)\.?(?= |$)/,
    holes: ["url"],
    fixed: { why: webSocket },
  },
  {
    reason: "mixed-content",
    pattern: /Blocked loading mixed (?:active|display) content ["']([^"' ]{1,4096})["']/,
    holes: ["url"],
  },
  {
    reason: "mixed-content",
    pattern:
      /Loading mixed \(insecure\) (?:active|display) content ["']([^"' ]{1,4096})["'] on a secure page/,
    holes: ["url"],
    passes: true,
  },
  {
    // In its other languages: the words for blocked and for mixed, and an http URL in quotes, in one line.
    reason: "mixed-content",
    pattern: new RegExp(
      `(?<![^\\n])(?=[^\\n]{0,300}(?:${blocked}))(?=[^\\n]{0,300}(?:${mixed}))[^\\n]{0,300}?["'] ?(https?:[^"' ]{1,4096})`,
    ),
    holes: ["url"],
  },
  {
    reason: "mixed-content",
    pattern:
      /Upgrading insecure (?:display )?request ["']([^"' ]{1,4096})["'] to use ["']https["']/,
    holes: ["url"],
    passes: true,
  },
  {
    reason: "orb-blocked",
    pattern:
      /(?:The resource at ["']([^"' ]{1,4096})["'] was blocked by OpaqueResponseBlocking|A resource is blocked by OpaqueResponseBlocking)/,
    holes: ["url"],
  },
  {
    reason: "content-blocker",
    pattern:
      /The resource at ["']?([a-z]{2,20}:[^"' ]{1,4096})["']? was blocked because (?:content blocking|Enhanced Tracking Protection|tracking protection)[^\n]{0,40} is enabled/,
    holes: ["url"],
  },
  {
    reason: "cookie-rejected",
    pattern:
      /Request to access cookies? or storage on ["']([^"' ]{1,4096})["'] was blocked because/,
    holes: ["url"],
    fixed: { why: "storage" },
  },
  {
    reason: "canvas-tainted",
    // Firefox says it of much else, too: only what the page called shows what it is about.
    pattern:
      /(?:SecurityError|DOMException): (?:CanvasRenderingContext2D\.\w{1,30}|HTMLCanvasElement\.\w{1,30}|WebGL2?RenderingContext\.\w{1,30}): The operation is insecure/,
  },
  {
    reason: "canvas-tainted",
    pattern:
      /(?:SecurityError|DOMException): The operation is insecure\.?(?=.{0,400}(?:toDataURL|toBlob|getImageData|texImage2D|captureStream))/,
  },
  {
    reason: "canvas-tainted",
    pattern:
      /(?<=(?:toDataURL|toBlob|getImageData|texImage2D|captureStream).{0,200})(?:SecurityError|DOMException): The operation is insecure/,
  },
  {
    reason: "mixed-content",
    pattern: /(?:SecurityError|DOMException): The operation is insecure\.?(?=.{0,400}WebSocket)/,
    fixed: { api: "WebSocket" },
  },
  {
    reason: "stylesheet-unreadable",
    pattern: /CSSStyleSheet\.\w{1,20}(?: getter)?: Not allowed to access cross-origin stylesheet/,
  },
  {
    reason: "acao-missing",
    pattern:
      /downloadable font: download failed \(font-family: [^\n]{0,300}?bad URI or cross-site access not allowed source: ([^ )]{1,4096})/,
    holes: ["url"],
    fixed: { api: "font" },
  },
  {
    reason: "cookie-rejected",
    pattern:
      /Cookie ["']([^"' ]{1,200})["'] (?:has been|will be soon) rejected because it (?:is in a cross-site context|has the ["']SameSite=None["'])/,
    holes: ["name"],
  },
  {
    reason: "integrity-needs-cors",
    pattern:
      /["']([^"' ]{1,4096})["'] is not eligible for integrity checks since it['’]s neither CORS-enabled nor same-origin/,
    holes: ["url"],
  },
  {
    reason: "frame-unreadable",
    pattern: /Permission denied to access property ["']?[\w$-]{1,60}["']? on cross-origin object/,
  },
  {
    reason: "frame-refused",
    pattern: /Load denied by X-Frame-Options: ([a-z]{2,20}:[^ ]{1,4096}) does not permit/,
    holes: ["url"],
  },
  {
    reason: "service-worker",
    pattern:
      /Failed to load ["']([a-z]{2,20}:[^"' ]{1,4096})["']\. (A ServiceWorker [^\n]{1,120}? FetchEvent)\./,
    holes: ["url", "why"],
  },
  {
    reason: "frame-refused",
    pattern:
      /The loading of ["']([^"' ]{1,4096})["'] in a frame is denied by ["']X-Frame-Options["']/,
    holes: ["url"],
  },
  {
    reason: "coep-blocked",
    pattern:
      /The resource at ["']([^"' ]{1,4096})["'] was blocked due to its Cross-Origin-Embedder-Policy/,
    holes: ["url"],
  },
];
