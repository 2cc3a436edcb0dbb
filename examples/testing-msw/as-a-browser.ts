// For MSW (Mock Service Worker): a mocked API behind the rules of a browser. Node's fetch knows no CORS, so a test passes
// although the page would be blocked; with this handler it is, and the reason and the fix are printed.

import { openPage, type FetchHandler } from "@corsway/cors/testing";
import { http, HttpResponse, type HttpHandler } from "msw";

/** `url`: what the page requests (`https://api.example.com/*`). `origin`: where the page is. `server`: its handler. */
export function asABrowser(url: string, origin: string, server: FetchHandler): HttpHandler {
  const page = openPage(origin, server);
  return http.all(url, async ({ request }) => {
    try {
      return await page.fetch(request);
    } catch (error) {
      // A page learns nothing of the reason; the person who reads the test's output does.
      console.error(error instanceof Error ? error.message : error);
      return HttpResponse.error();
    }
  });
}
