/** The report that a person saves: the log and what the last check found. Codes and figures, the same in every language. */
import type { LogEntry } from "../../../peer/api.ts";
import type { KeptFault } from "../../state/faults.ts";
import type { StepOutcome } from "./finding.ts";

export interface Report {
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  readonly build: string;
  readonly browser: string;
  readonly checkedAt: number | null;
  readonly checks: readonly StepOutcome[];
  /** Newest first. */
  readonly log: readonly LogEntry[];
  /** Errors of this page that no peer has taken. */
  readonly faults: readonly KeptFault[];
}

type Fields = Readonly<Record<string, unknown>>;

const at = (time: number): string => new Date(time).toISOString();
const told = (fields: Fields): string[] => Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);

/** One line of the log: `2026-06-15T12:00:00.000Z warn mesh relay_changed relay=1 state=waiting, 3 times`. */
export function logLine(entry: LogEntry): string {
  const { event, fields, last, level, room, time, times } = entry;
  const again = times === 1 ? "" : `, ${times} times until ${at(last)}`;
  return `${[at(time), level, room, event, ...told(fields)].join(" ")}${again}`;
}

export function reportText(report: Report): string {
  const { browser, build, checkedAt, checks, faults, log, madeAt } = report;
  const findings = checks.flatMap(({ findings, step, took }) =>
    findings.map(({ code, details, state }) => [state, step, code, ...told(details), `(${took} ms)`].join(" ")),
  );
  return [
    `Mehr, report of ${at(madeAt)}`,
    `build ${build}`,
    `browser ${browser}`,
    "",
    checkedAt === null ? "No self-check was made." : `Self-check of ${at(checkedAt)}`,
    ...findings,
    "",
    `Log, newest first: ${log.length}`,
    ...log.map(logLine),
    ...(faults.length === 0 ? [] : ["", "Errors of this page that no peer has taken"]),
    ...faults.map(({ at: frames, class: name, code, kind, time }) =>
      [at(time), kind, name, code ?? "", ...frames].join(" "),
    ),
    "",
  ].join("\n");
}

export function reportJson(report: Report): string {
  return `${JSON.stringify({ format: "mehr-report-1", ...report }, null, 2)}\n`;
}
