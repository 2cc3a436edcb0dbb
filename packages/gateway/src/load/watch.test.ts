import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { watchPath } from "./watch.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";

interface Watched {
  readonly folder: string;
  /** Does something, and waits until the watcher has noticed a change. */
  noticed(act: () => void): Promise<void>;
}

async function watched(t: TestContext, set: (folder: string) => string): Promise<Watched> {
  const folder = temporaryFolder(t);
  let count = 0;
  const stop = await watchPath(set(folder), () => void count++, 10);
  t.after(stop);
  const until = async (wanted: () => boolean, act?: () => void): Promise<boolean> => {
    for (let turn = 0; turn < 500; turn++) {
      if (turn % 50 === 0) act?.();
      if (wanted()) return true;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return false;
  };
  return {
    folder,
    async noticed(act) {
      // What came before is over: two looks and a pause pass without a change.
      let last = count;
      await until(() => {
        const quiet = last === count;
        last = count;
        return quiet;
      });
      await new Promise((resolve) => setTimeout(resolve, 200));
      const before = count;
      act();
      assert.ok(await until(() => count > before), "the change was not noticed");
    },
  };
}

const toml = (folder: string, name: string, text: string): void => {
  mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
};

test("after a link to a directory is swapped, changes in the new directory are noticed", async (t) => {
  for (const watch of ["current", "current/corsway.toml"])
    await t.test(watch, async (t) => {
      const { folder, noticed } = await watched(t, (folder) => {
        toml(folder, "r1/corsway.toml", "1");
        toml(folder, "r2/corsway.toml", "2");
        symlinkSync("r1", path.join(folder, "current"));
        return path.join(folder, watch);
      });
      await noticed(() => toml(folder, "r1/corsway.toml", "1a"));
      await noticed(() => {
        symlinkSync("r2", path.join(folder, "next"));
        renameSync(path.join(folder, "next"), path.join(folder, "current"));
      });
      await noticed(() => toml(folder, "r2/corsway.toml", "2a"));
    });
});

test("after a directory is removed and recreated, changes in it are noticed", async (t) => {
  const { folder, noticed } = await watched(t, (folder) => {
    toml(folder, "conf/corsway.toml", "1");
    return path.join(folder, "conf");
  });
  const conf = path.join(folder, "conf");
  await noticed(() => rmSync(conf, { recursive: true }));
  await noticed(() => toml(folder, "conf/corsway.toml", "2"));
  await noticed(() => toml(folder, "conf/corsway.toml", "3"));
  await noticed(() => {
    rmSync(conf, { recursive: true });
    toml(folder, "conf/corsway.toml", "4");
  });
  await noticed(() => toml(folder, "conf/corsway.toml", "5"));
});

test("behind a link, files and folders are watched at their real path", async (t) => {
  await t.test("a file", async (t) => {
    const { folder, noticed } = await watched(t, (folder) => {
      toml(folder, "elsewhere/real.toml", "1");
      symlinkSync("elsewhere/real.toml", path.join(folder, "corsway.toml"));
      return path.join(folder, "corsway.toml");
    });
    await noticed(() => toml(folder, "elsewhere/real.toml", "2"));
  });
  await t.test("a folder", async (t) => {
    const { folder, noticed } = await watched(t, (folder) => {
      toml(folder, "conf/corsway.toml", "1");
      toml(folder, "shared/a.toml", "1");
      symlinkSync("../shared", path.join(folder, "conf/locations"));
      return path.join(folder, "conf");
    });
    await noticed(() => toml(folder, "shared/a.toml", "2"));
  });
});
