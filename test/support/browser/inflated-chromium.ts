// The Chromium that npm brings (@sparticuz/chromium: one brotli file), inflated once into a folder
// of ours. Its own unpacker is not used: it writes to a name in /tmp that everybody may write, and
// two test files that start together read half a browser.

import { createReadStream, createWriteStream, existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress, brotliDecompressSync } from "node:zlib";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const packed = path.join(root, "node_modules", "@sparticuz", "chromium");
/** A lock older than this belongs to a process that was killed: inflating takes seconds. */
const staleAfter = 120_000;

export interface InflatedChromium {
  readonly executable: string;
  /** NSS and its kin, for a machine that has none. */
  readonly libraries: string;
  /** A fontconfig folder with one font family, for a machine that has none. */
  readonly fonts: string;
}

/** The inflated browser, made if need be; undefined where npm has none for this machine. */
export async function inflatedChromium(): Promise<InflatedChromium | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  if (!existsSync(path.join(packed, "bin", "chromium.br"))) return undefined;
  const { version } = JSON.parse(readFileSync(path.join(packed, "package.json"), "utf8"));
  const folder = path.join(root, ".cache", `chromium-${version}`);
  if (!existsSync(folder)) await inflateOnce(folder);
  return {
    executable: path.join(folder, "chromium"),
    libraries: path.join(folder, "lib"),
    fonts: folder,
  };
}

/** Whoever makes the lock inflates; everybody else waits for the folder to appear whole. */
async function inflateOnce(folder: string): Promise<void> {
  const lock = `${folder}.lock`;
  await mkdir(path.dirname(folder), { recursive: true });
  for (;;) {
    try {
      await mkdir(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const made = await stat(lock).catch(() => undefined);
    if (made !== undefined && Date.now() - made.mtimeMs > staleAfter) {
      await rm(lock, { recursive: true, force: true });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (existsSync(folder)) return;
  }
  try {
    if (!existsSync(folder)) await inflate(folder);
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function inflate(folder: string): Promise<void> {
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part);
  const bin = path.join(packed, "bin");
  await pipeline(
    createReadStream(path.join(bin, "chromium.br")),
    createBrotliDecompress({ chunkSize: 2 ** 21 }),
    createWriteStream(path.join(part, "chromium")),
  );
  await chmod(path.join(part, "chromium"), 0o755);
  for (const archive of ["al2023.tar.br", "fonts.tar.br"]) {
    for (const file of filesOfTar(brotliDecompressSync(await readFile(path.join(bin, archive))))) {
      const target = path.join(part, file.name);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, file.bytes);
    }
  }
  await writeFile(path.join(part, "fonts.conf"), fontsConf(folder));
  await rename(part, folder);
}

/** Theirs points to folders of a Lambda. */
function fontsConf(folder: string): string {
  const here = folder.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${here}/fonts</dir>
  <cachedir>${here}/fonts-cache</cachedir>
</fontconfig>
`;
}

/** The plain files of a POSIX ustar archive: a 512-byte head, then the bytes, padded to 512. */
function* filesOfTar(tar: Buffer): Generator<{ name: string; bytes: Buffer }> {
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const field = (from: number, length: number) =>
      tar.toString("latin1", at + from, at + from + length).replace(/\0.*$/s, "");
    const size = Number.parseInt(field(124, 12), 8);
    const name = field(0, 100);
    const kind = field(156, 1);
    if ((kind === "0" || kind === "") && !name.split("/").includes("..")) {
      yield { name, bytes: tar.subarray(at + 512, at + 512 + size) };
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
