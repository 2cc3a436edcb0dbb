// The official OpenAI client, for a page.
export { default as OpenAI } from "openai";
