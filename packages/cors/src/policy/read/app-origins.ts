// The origins that apps actually send. Their pages do not come from a web server, so these cannot be
// guessed, and `new URL("tauri://localhost").origin` is "null": never derive them from a URL.

/** The pages of an app and the origin that they send. */
export interface AppOrigin {
  readonly app: string;
  /** What to list in allow_origins: an origin, or the whole scheme if every installation has its own. */
  readonly origin: string;
}

/** In the order of the table in docs/reference/policy.md. Pages without their own origin send `null`. */
export const appOrigins: readonly AppOrigin[] = Object.freeze([
  { app: "Capacitor on iOS", origin: "capacitor://localhost" },
  { app: "Capacitor on Android, and other Android web views", origin: "https://localhost" },
  { app: "Ionic's older web view on iOS", origin: "ionic://localhost" },
  { app: "Tauri on macOS, Linux and iOS", origin: "tauri://localhost" },
  { app: "Tauri on Windows and Android", origin: "http://tauri.localhost" },
  { app: "Obsidian's plugins", origin: "app://obsidian.md" },
  { app: "an Electron app with its own scheme", origin: "app://*" },
  { app: "a Chromium extension", origin: "chrome-extension://*" },
  { app: "a Firefox extension", origin: "moz-extension://*" },
  { app: "a VS Code web view", origin: "vscode-webview://*" },
  { app: "a page opened from a file, as in a plain Electron app", origin: "null" },
]);

/** The origins of apps with this scheme, in the table's order. */
export function appOriginsOfScheme(scheme: string): readonly string[] {
  return appOrigins.flatMap(({ origin }) =>
    origin.slice(0, origin.indexOf(":")) === scheme ? [origin] : [],
  );
}
