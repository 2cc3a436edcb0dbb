// Why a subtest of web-platform-tests fails or cannot be run here. Each reason is one about the
// test or the surroundings, never "the model is wrong": a miss without a reason fails the proof.

interface Miss {
  readonly file: RegExp;
  /** Absent: every subtest. */
  readonly subtest?: RegExp;
  readonly reason: string;
}

const needsDocument = "needs frames or windows: there is no document here";

const unreachableFiles: readonly Miss[] = [
  { file: /data-url-iframe|sandboxed-iframe|data-url\.htm$/, reason: needsDocument },
  { file: /image-tainting|preflight-cache-partitioning|remote-origin/, reason: needsDocument },
  { file: /data-url-(shared-)?worker/, reason: "needs workers" },
  { file: /script-304/, reason: "needs script elements and an HTTP cache" },
  { file: /cors\/304\.htm/, reason: "needs an HTTP cache: the model says not-modelled there" },
  { file: /keepalive/, reason: "needs windows that are closed while they ask" },
  { file: /\.h2\./, reason: "needs HTTP/2, which this transport does not speak" },
];

const misses: readonly Miss[] = [
  {
    file: /cors-preflight-redirect/,
    subtest: /^Redirection 30\d after preflight failed$/,
    reason:
      "wrong in this tree, corrected upstream (pull request 62651): such redirects are followed",
  },
  {
    file: /redirect-location-escape\.tentative/,
    reason: "tentative: expects the bytes of Location, where the standard decodes them as Latin-1",
  },
  {
    file: /redirect-origin\.any/,
    subtest: /^\[POST\] Redirect 30[78] Same origin to same origin$/,
    reason: "expects no Origin with a same-origin POST; the standard and all three engines send it",
  },
  {
    file: /preflight-cache\.htm/,
    subtest: /^age = -1/,
    reason:
      "by the letter -1 is no delta-seconds and 5 s hold; all three engines do as the test says",
  },
  {
    file: /client-hint|simple-requests-ch/,
    reason: "tentative: client hints are not in the standard",
  },
  {
    file: /status-async/,
    subtest: /^Status on POST 200$/,
    reason: "needs an XML document (responseXML)",
  },
];

/** Why this file is not run at all. */
export function unreachable(path: string): string | undefined {
  return unreachableFiles.find(({ file }) => file.test(path))?.reason;
}

/** Why this subtest is known to fail; the empty name stands for the file itself. */
export function reasonOf(path: string, subtest: string): string | undefined {
  return misses.find((miss) => miss.file.test(path) && (miss.subtest?.test(subtest) ?? true))
    ?.reason;
}
