// Notices when a configuration may have changed. It watches the directory, not the file: editors and
// Kubernetes replace a file by renaming another over it, and a watch on the file would stay with the old
// one, which never changes again. For the same reason, no watch outlives what it was set on: a link that is
// swapped (`current -> release-2`) and a directory that is removed and recreated raise no event in the new
// one, so once a second each folder is checked for being the same.

import { watch, type FSWatcher } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Changes that follow each other within this time count as one; ms. */
const settle = 100;

/** Time between two checks of the folders; ms. */
const lookAgain = 1000;

/**
 * `path`: a file or a directory, absolute; it need not exist yet. Resolves once it is watched, and calls
 * `changed` until the result is called. Never rejects: if watching is impossible (no more inotify handles,
 * an unusual file system), only replaced folders are noticed, and SIGHUP still reloads.
 */
export async function watchPath(
  path: string,
  changed: () => void,
  look = lookAgain,
): Promise<() => void> {
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  let identity: string | undefined;
  let watchers: FSWatcher[] = [];

  const note = (): void => {
    clearTimeout(timer);
    timer = setTimeout(changed, settle);
    timer.unref();
  };

  async function lookAt(): Promise<void> {
    const found = await foldersOf(path);
    if (ended) return;
    if (found.identity !== identity) {
      // The first look only sets the watches: the configuration has just been read.
      if (identity !== undefined) note();
      identity = found.identity;
      for (const watcher of watchers) watcher.close();
      watchers = found.folders.flatMap((folder) => watchFolder(folder, found, note));
    }
    setTimeout(lookAt, look).unref();
  }
  await lookAt();

  return () => {
    ended = true;
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

interface Found {
  readonly isDirectory: boolean;
  /** Names that matter in a folder of a file: its own, and that of the file it links to. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Changes as soon as any of the folders is a different one. */
  readonly identity: string;
}

/** The folders to watch: that of the file and of what it links to, or the directory and its links. */
async function foldersOf(path: string): Promise<Found> {
  const isDirectory = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  if (isDirectory) {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    const links = entries.filter((entry) => entry.isSymbolicLink());
    const folders = [path];
    // A recursive watch does not follow links.
    for (const { name } of links) {
      const target = join(path, name);
      if ((await stat(target).catch(() => undefined))?.isDirectory()) folders.push(target);
    }
    return { isDirectory, files: [], folders, identity: await identityOf(folders) };
  }
  const real = await realpath(path).catch(() => path);
  const folders = [...new Set([dirname(path), dirname(real)])];
  const files = [basename(path), basename(real)];
  return { isDirectory, files, folders, identity: `${real} ${await identityOf(folders)}` };
}

/** The inode of a removed directory may be reused, so the time of birth counts as well. */
async function identityOf(folders: readonly string[]): Promise<string> {
  const parts = folders.map(async (folder) => {
    const found = await stat(folder, { bigint: true }).catch(() => undefined);
    return found === undefined ? "none" : [found.dev, found.ino, found.birthtimeNs].join(":");
  });
  return `${folders.join(" ")} ${(await Promise.all(parts)).join(" ")}`;
}

function watchFolder(folder: string, found: Found, note: () => void): FSWatcher[] {
  try {
    const watcher = watch(folder, { recursive: found.isDirectory }, (_event, name) => {
      if (isWanted(name, found)) note();
    });
    watcher.on("error", () => watcher.close());
    watcher.unref();
    return [watcher];
  } catch {
    return [];
  }
}

function isWanted(name: string | null, { isDirectory, files }: Found): boolean {
  if (name === null) return true;
  // `..data` is the link that Kubernetes swaps.
  if (name.startsWith("..")) return true;
  if (isDirectory) return name.endsWith(".toml");
  // `gateway.toml`, and its possible overlay `gateway.prod.toml`.
  return files.some(
    (file) =>
      name === file ||
      (name.startsWith(`${file.replace(/\.toml$/, "")}.`) && name.endsWith(".toml")),
  );
}
