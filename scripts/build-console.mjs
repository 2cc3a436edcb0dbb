// Builds the console's page into packages/console/dist, when its sources have changed since: what the
// admin listener of a gateway from a checkout serves. Plain JavaScript, as install.mjs is.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = path.join(root, "packages", "console");
const dist = path.join(folder, "dist");
const stamp = path.join(dist, ".sources");

const below = (folder) =>
  readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
    .map((entry) => path.join(entry.parentPath, entry.name));
const sources = [
  ...["package-lock.json", "packages/console/index.html", "packages/console/vite.config.ts"].map(
    (file) => path.join(root, file),
  ),
  ...["packages/console/src", "packages/cors/src", "packages/gateway/src/paste"].flatMap(below),
].sort();
const hash = createHash("sha256");
for (const file of sources)
  hash.update(`${path.relative(root, file)}\n`).update(readFileSync(file));
const wanted = hash.digest("hex");

const isCurrent = () => existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;

if (!isCurrent()) {
  const { build } = await import("vite");
  // Aside, then moved: whoever serves the old one meanwhile never sees half of the new one.
  const fresh = path.join(folder, `dist-${process.pid}`);
  try {
    await build({ root: folder, logLevel: "error", build: { outDir: fresh } });
    writeFileSync(path.join(fresh, ".sources"), wanted);
    rmSync(dist, { recursive: true, force: true });
    renameSync(fresh, dist);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Two builds at once: the other one was quicker.
    if (!isCurrent()) {
      process.stderr.write(`corsway: the console could not be built: ${error.message}\n`);
      process.exitCode = 1;
    }
  }
}
