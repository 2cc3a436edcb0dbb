// @corsway/cors/standard: the vocabulary of the Fetch standard.
export { link, snapshot } from "./snapshot.ts";
export type {
  AsyncResponder,
  Header,
  HeaderList,
  RequestHead,
  Responder,
  ResponseHead,
} from "./message.ts";
export { asciiLowercase, isToken, isTokenCode } from "./token.ts";
export { isCorsSafelistedMethod, isForbiddenMethod, isMethod, normalizeMethod } from "./method.ts";
export {
  isCorsNonWildcardRequestHeaderName,
  isCorsSafelistedResponseHeaderName,
  isForbiddenRequestHeaderName,
  isForbiddenResponseHeaderName,
  isHeaderName,
  isNoCorsSafelistedRequestHeaderName,
} from "./header-name.ts";
export {
  extractHeaderListValues,
  failure,
  firstHeader,
  getHeader,
  hasHeader,
  headerLines,
  isNamed,
  normalizeHeaderValue,
  type Failure,
} from "./header-list.ts";
export { mimeTypeEssence } from "./mime-type.ts";
export {
  corsUnsafeRequestHeaderNames,
  isCorsSafelistedRequestHeader,
  isForbiddenRequestHeader,
  isNoCorsSafelistedRequestHeader,
} from "./request-header.ts";
export {
  isSameOrigin,
  originOfUrl,
  parseOrigin,
  serializeOrigin,
  type OpaqueOrigin,
  type Origin,
  type TupleOrigin,
} from "./origin.ts";
export { isLoopbackHost } from "./loopback-host.ts";
