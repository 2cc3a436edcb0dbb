// Installs what the lock file names, when it is not there yet: so that `npm start` and `npm test`
// are all the set-up on a fresh clone. Plain JavaScript: it runs on whatever Node the machine has.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const installed = path.join(root, "node_modules", ".package-lock.json");
// By content, not by time: a checkout that only touches the lock file must not install again.
const stamp = path.join(root, "node_modules", ".corsway-lock");
const lock = createHash("sha256")
  .update(readFileSync(path.join(root, "package-lock.json")))
  .digest("hex");

const current =
  existsSync(installed) && (!existsSync(stamp) || readFileSync(stamp, "utf8") === lock);
if (!current) {
  // stderr only: `npm run -s corsway -- check --format json` must stay clean on stdout.
  process.stderr.write("corsway: installing dependencies (once)\n");
  const npm = process.env.npm_execpath;
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const run =
    npm === undefined
      ? spawnSync("npm", args, {
          cwd: root,
          stdio: ["ignore", 2, 2],
          shell: process.platform === "win32",
        })
      : spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ["ignore", 2, 2] });
  if (run.status !== 0) {
    process.stderr.write("corsway: `npm ci` failed; see above\n");
    process.exit(1);
  }
}
if (!existsSync(stamp) || !current) writeFileSync(stamp, lock);

// The scripts run on the Node that npm brought, which is first on their PATH; that is this one, except
// right after an install. None is brought where `omit=optional` is set or the platform has none.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  const brought = path.join(root, "node_modules", ".bin", "node");
  const shell = process.platform === "win32";
  if (spawnSync(brought, ["--version"], { stdio: "ignore", shell }).status !== 0) {
    process.stderr.write(
      `corsway needs Node 22.19 or newer; this is ${process.versions.node}, and npm brought none for ${process.platform}-${process.arch}\n` +
        "if `npm config get omit` says optional, run `npm ci --include=optional`; else install Node from https://nodejs.org\n",
    );
    process.exit(1);
  }
}
