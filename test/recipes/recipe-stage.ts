// A recipe in use: its own file before an API, an allowed page and a foreign one in a real Chromium.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startGateway, type AccessRecord } from "corsway";
import { recipes } from "../../packages/gateway/src/recipes/recipes.ts";
import { writeRecipe } from "../../packages/gateway/src/recipes/write-recipe.ts";
import { certificateFor } from "../support/browser/certificate.ts";
import { startChromium } from "../support/browser/chromium.ts";
import { openPage, type OpenPage } from "../support/browser/page.ts";
import { startPageServer } from "../support/browser/page-server.ts";

export const app = "https://app.example.com";
export const foreign = "https://evil.example";

/** Pages that a whole test file shares. */
export async function openPages(): Promise<{
  readonly page: OpenPage;
  readonly stranger: OpenPage;
  close(): Promise<void>;
}> {
  const server = await startPageServer(await certificateFor("app.example.com", "evil.example"));
  const chromium = await startChromium({
    names: { "app.example.com:443": server.port, "evil.example:443": server.port },
  });
  return {
    page: await openPage(chromium.browser, app),
    stranger: await openPage(chromium.browser, foreign),
    close: async () => {
      await chromium.close();
      await server.close();
    },
  };
}

/** The file that `corsway init --for NAME --api … --origins …` writes, served. */
export async function serveRecipe(name: string, api: number) {
  const recipe = recipes.find((one) => one.name === name)!;
  const text = writeRecipe(recipe, {
    listen: "127.0.0.1:0",
    api: `127.0.0.1:${api}`,
    ...(recipe.origins !== "*" && { origins: [app] }),
  });
  const folder = await mkdtemp(path.join(tmpdir(), "corsway-recipe-"));
  const file = path.join(folder, "corsway.toml");
  await writeFile(file, text);
  const log: AccessRecord[] = [];
  const gateway = await startGateway(file, { onAccess: (record) => log.push(record) });
  return {
    base: `http://localhost:${gateway.addresses[0]!.port}`,
    port: gateway.addresses[0]!.port,
    log,
    close: async () => {
      await gateway.close(0);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
