import type { Recipe } from "./recipe.ts";
import { maxAge, rejects } from "./usual.ts";

export const localAi: Recipe = {
  name: "local-ai",
  title: "A local model with an OpenAI-style API",
  about:
    "A web page uses a model that runs on your machine (Ollama, llama.cpp, LM Studio, vLLM), often through the official `openai` client. Such servers either refuse pages with a 403 or let every page on the web use the model.",
  api: "127.0.0.1:11434",
  origins: ["http://localhost:3000"],
  pages: "The pages that may use the model.",
  path: "/v1",
  upstream: [
    {
      key: "read_timeout",
      value: "10m",
      says: "A model may load and think for minutes before its first token.",
    },
  ],
  location: [
    {
      key: "request_timeout",
      value: "10m",
      says: "The same for the beginning of the response.",
    },
    {
      key: "proxy_set_headers",
      value: ["Origin: http://localhost", "Host: localhost"],
      says: "Ollama has a list of origins and hosts of its own. This file is the one list: the model sees a local page.",
    },
  ],
  policy: [
    {
      key: "allow_methods",
      value: ["GET", "HEAD", "POST"],
      says: "Chat, completions, embeddings and the list of models.",
    },
    {
      key: "allow_headers",
      value: [
        "Content-Type",
        "Authorization",
        "X-Stainless-*",
        "OpenAI-Organization",
        "OpenAI-Project",
        "OpenAI-Beta",
      ],
      says: "What the openai client sends. X-Stainless-* are its statistics, which change with its version.",
    },
    {
      key: "expose_headers",
      value: ["X-Request-Id", "OpenAI-Processing-Ms", "Retry-After"],
      says: "What the client reads: a request's id, and when to try again.",
    },
    rejects,
    maxAge,
  ],
  notes: [
    "Tokens are streamed to the page as they come; nothing in the gateway collects them.",
    'In the client, set `baseURL` to the gateway: `new OpenAI({ baseURL: "http://localhost:8080/v1", apiKey: "none", dangerouslyAllowBrowser: true })`.',
  ],
};
