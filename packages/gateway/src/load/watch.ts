// Tells when a configuration may have changed. The directory is watched and not the file: editors
// and Kubernetes replace a file by renaming another over it, and a watch on the file would stay with
// the old one, which never changes again.

import { statSync, watch, type FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";

/** Changes that follow each other within this are one. */
const settle = 100;

/** `path` absolute. Calls `changed` until the result is called. Never throws. */
export function watchPath(path: string, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watchers: FSWatcher[] = [];
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const directory = isDirectory ? path : dirname(path);
  const file = basename(path);
  const stem = file.replace(/\.toml$/, "");
  const wanted = (name: string | null): boolean => {
    if (name === null) return true;
    // `..data` is the link that Kubernetes swaps.
    if (name.startsWith("..")) return true;
    if (isDirectory) return name.endsWith(".toml");
    // `gateway.toml`, and `gateway.prod.toml` that may be laid over it.
    return name === file || (name.startsWith(`${stem}.`) && name.endsWith(".toml"));
  };
  const note = (_event: string, name: string | null): void => {
    if (!wanted(name)) return;
    clearTimeout(timer);
    timer = setTimeout(changed, settle);
    timer.unref();
  };
  try {
    const watcher = watch(directory, { recursive: isDirectory }, note);
    watcher.on("error", () => watcher.close());
    watcher.unref();
    watchers.push(watcher);
  } catch {
    // No watching here (out of inotify handles, a strange file system): SIGHUP still reloads.
  }
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
