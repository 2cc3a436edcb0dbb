// How much of a request the policy reads: bytes from the wire cost bounded work.

/** How many bytes of Access-Control-Request-Headers are read, all its lines together. */
export const requestedBytesLimit = 4096;
/** How many names of Access-Control-Request-Headers are read. */
export const requestedNamesLimit = 64;
/**
 * How many empty elements of it are read: RFC 9110 §5.6.1.2 requires "a reasonable number" to be
 * accepted, and no real list has thousands of commas.
 */
export const emptyElementsLimit = 64;
