// The official Supabase client, for a page.
export { createClient } from "@supabase/supabase-js";
