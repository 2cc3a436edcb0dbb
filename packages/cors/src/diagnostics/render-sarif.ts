// Diagnostics as SARIF 2.1.0 (OASIS), which code hosts show next to the line they are about.

import type { Diagnostic, Place, Severity } from "./diagnostic.ts";

/** What SARIF needs in addition to the diagnostics. */
export interface SarifOptions {
  /** Name and version of the reporting tool. */
  readonly tool: { readonly name: string; readonly version: string };
  /** Titles of codes, for the table of rules; a code without one is its own title. */
  readonly titles?: Readonly<Record<string, { readonly title: string }>>;
  /** The place for diagnostics that have none: code hosts reject a log without places. */
  readonly file?: string;
}

const levels: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "note",
};

/** As text, with a newline at its end. */
export function renderSarif(diagnostics: readonly Diagnostic[], options: SarifOptions): string {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: options.tool.name,
            version: options.tool.version,
            rules: codes.map((code) => ({
              id: code,
              shortDescription: { text: options.titles?.[code]?.title ?? code },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((diagnostic) => result(diagnostic, codes, options.file)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function result(diagnostic: Diagnostic, codes: readonly string[], file?: string): object {
  const { code, severity, message, why, fix, path, also } = diagnostic;
  const at = diagnostic.at ?? (file === undefined ? undefined : { file, line: 1, column: 1 });
  const related = (also ?? []).flatMap((other) =>
    other.at === undefined ? [] : [{ ...location(other.at), message: { text: other.say } }],
  );
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: levels[severity],
    message: {
      text: [message, `why: ${why}`, ...(fix === undefined ? [] : [`fix: ${fix.say}`])].join("\n"),
    },
    ...((at !== undefined || path !== "") && {
      locations: [
        {
          ...(at !== undefined && location(at)),
          ...(path !== "" && { logicalLocations: [{ fullyQualifiedName: path }] }),
        },
      ],
    }),
    ...(related.length > 0 && { relatedLocations: related }),
    ...(fix?.edit !== undefined && {
      fixes: [
        {
          description: { text: fix.say },
          artifactChanges: [
            {
              artifactLocation: { uri: uri(fix.edit.at.file) },
              replacements: [
                { deletedRegion: region(fix.edit.at), insertedContent: { text: fix.edit.text } },
              ],
            },
          ],
        },
      ],
    }),
  };
}

function location(at: Place): object {
  return {
    physicalLocation: { artifactLocation: { uri: uri(at.file) }, region: region(at) },
  };
}

function region({ line, column, endLine, endColumn }: Place): object {
  return {
    startLine: line,
    startColumn: column,
    ...(endLine !== undefined && { endLine }),
    ...(endColumn !== undefined && { endColumn }),
  };
}

/** A file name as a URI: relative names unchanged, absolute ones with a scheme; each segment escaped. */
function uri(file: string): string {
  // A lone surrogate has no UTF-8 encoding, so encodeURIComponent throws on it.
  const sound = file.replaceAll("\\", "/").replaceAll(/\p{Surrogate}/gu, "\ufffd");
  const drive = /^[A-Za-z]:(?=\/)/.exec(sound)?.[0] ?? "";
  const path = sound.slice(drive.length).split("/").map(encodeURIComponent).join("/");
  if (drive !== "") return `file:///${drive}${path}`;
  return path.startsWith("/") ? `file://${path}` : path;
}
