// corsway/paste: what a person pastes, read as the request of a page or as its exchange with a server. Runs in a
// page as well.
export { isCurl, readCurl } from "./curl.ts";
export { answeredTwice, givenAnswers, type GivenAnswers } from "./given-answers.ts";
export { missingAnswer, type MissingAnswer } from "./missing-answer.ts";
export { isPowerShell, readPowerShell } from "./powershell.ts";
export { readPaste } from "./read-paste.ts";
export { isFetchCall, readFetchCall } from "./fetch-call.ts";
export type { PastedRequest, PasteFault } from "./pasted.ts";
export { pageOfTranscript, transcriptNotes, type TranscribedPage } from "./transcript-page.ts";
export {
  isTranscript,
  readTranscript,
  type ReadTranscript,
  type Transcript,
  type TranscribedExchange,
} from "./transcript.ts";
export { fromWire, toWire } from "./wire-text.ts";
