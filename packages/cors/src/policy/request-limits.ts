// How much of a request the policy reads: bytes from the wire cost bounded work.

/** What is read of Access-Control-Request-Headers, all its lines together; bytes. */
export const requestedBytesLimit = 4096;
/** Names read of Access-Control-Request-Headers. */
export const requestedNamesLimit = 64;
/**
 * Empty elements read of it: RFC 9110 §5.6.1.2 wants "a reasonable number" accepted, and thousands of
 * commas are nobody's list.
 */
export const emptyElementsLimit = 64;
