// The table of recipes. A test checks each with the client that it is for, in test/recipes/.

import { fontsCdn } from "./apis/fonts-cdn.ts";
import { localAi } from "./apis/local-ai.ts";
import { mcp } from "./apis/mcp.ts";
import { opentelemetry } from "./apis/opentelemetry.ts";
import { publicApi } from "./apis/public-api.ts";
import { s3Upload } from "./apis/s3-upload.ts";
import { sentry } from "./apis/sentry.ts";
import { spaCookies } from "./apis/spa-cookies.ts";
import { supabase } from "./apis/supabase.ts";
import type { Recipe } from "./apis/recipe.ts";

/** In the order in which they are shown. */
export const recipes: readonly Recipe[] = [
  mcp,
  localAi,
  spaCookies,
  publicApi,
  fontsCdn,
  supabase,
  s3Upload,
  sentry,
  opentelemetry,
];
