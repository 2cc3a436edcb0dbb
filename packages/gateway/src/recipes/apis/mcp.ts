import type { Recipe } from "./recipe.ts";
import { maxAge, rejects } from "./usual.ts";

export const mcp: Recipe = {
  name: "mcp",
  title: "An MCP server",
  about:
    "A client of the Model Context Protocol in a web page talks to an MCP server over streamable HTTP. It has to send the protocol's own headers, and to read the session's id. An MCP server on your own machine is also what DNS rebinding aims at: any page that you visit could use its tools.",
  api: "127.0.0.1:3000",
  origins: ["http://localhost:6274"],
  pages: "The pages with an MCP client. 6274 is the MCP Inspector.",
  path: "/mcp",
  upstream: [
    {
      key: "read_timeout",
      value: "10m",
      says: "An event stream is silent while nothing happens.",
    },
  ],
  policy: [
    {
      key: "allow_methods",
      value: ["GET", "HEAD", "POST", "DELETE"],
      says: "POST sends a message, GET opens the stream or resumes it, DELETE ends the session.",
    },
    {
      key: "allow_headers",
      value: [
        "Content-Type",
        "Authorization",
        "Mcp-Session-Id",
        "Mcp-Protocol-Version",
        "Last-Event-ID",
        "Mcp-Method",
        "Mcp-Name",
        "Mcp-Param-*",
      ],
      says: "The protocol's headers. Mcp-Param-* are named by the server's own tools.",
    },
    {
      key: "expose_headers",
      value: ["Mcp-Session-Id", "Mcp-Protocol-Version", "WWW-Authenticate"],
      says: "The client reads the session's id here, and where to log in.",
    },
    rejects,
    maxAge,
  ],
  notes: [
    'On a loopback address the gateway answers only to `localhost`, names below it and IP addresses, so that a page whose own name is re-pointed at it (DNS rebinding) gets a 421. If the server has a name, list it: `hosts = "mcp.example.com"` in `[servers.public]`.',
    "If the server answers to a login of its own (OAuth), its `/.well-known/` paths need a location too.",
  ],
};
