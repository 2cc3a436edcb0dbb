// Installs what the lock file names, when it is not there yet: so that `npm start` and `npm test`
// are all the set-up on a fresh clone. Plain JavaScript: it runs on whatever Node the machine has.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";

const root = fileURLToPath(new URL("..", import.meta.url));
const lock = path.join(root, "package-lock.json");
const installed = path.join(root, "node_modules", ".package-lock.json");

if (!existsSync(installed) || statSync(lock).mtimeMs > statSync(installed).mtimeMs + 60_000) {
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
