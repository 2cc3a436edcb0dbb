// What crosses the wire, as plain data. A header list keeps order, case and duplicates, because all
// three affect how a browser treats a response (two Access-Control-Allow-Origin lines are not the same
// as one). Values are isomorphic strings: one code unit per byte, 0x00 to 0xFF.

/** One header line, with name and value as they are on the wire: `["Vary", "Origin"]`. */
export type Header = readonly [name: string, value: string];
/**
 * Header lines in order; a name may occur more than once. A `Headers` object can be spread into one.
 */
export type HeaderList = readonly Header[];

/** The head of a request. `url` is absolute and serialised by the URL standard, without a fragment. */
export interface RequestHead {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderList;
}

/** The head of a response. `status` is 200 to 599. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: HeaderList;
}

/**
 * The interface between a server's side and a browser's side: what responds to a request. A policy in
 * memory, a recording, a live endpoint and a translated engine are all Responders.
 */
export type Responder = (request: RequestHead) => ResponseHead;
/** An asynchronous Responder. */
export type AsyncResponder = (request: RequestHead) => ResponseHead | Promise<ResponseHead>;
