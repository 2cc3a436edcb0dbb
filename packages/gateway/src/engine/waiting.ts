// What a connection waits for, which decides what a timeout means.

export type Waiting =
  | "first" // a request, and there has been none
  | "next" // another request
  | "head" // the rest of a head
  | "answer" // the walk has its own times
  | "rest" // the rest of a body that nobody wants
  | "drain" // the client, to take what was written
  | "silence" // the client, to stop sending: the answer is out, and the connection ends
  | "end"; // the last bytes, to go out
