/** The part of `PeerApi` that tells how this peer is doing: its log and its self-check. */

export type LogLevel = "debug" | "info" | "warn" | "error";

/** The part of the program that an entry is about. */
export type LogRoom = "peer" | "mesh" | "store" | "rpc" | "page";

/** One thing that happened. It never holds content, keys or addresses. */
export interface LogEntry {
  /** Order in the log; tells entries apart for as long as this peer lives. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly level: LogLevel;
  readonly room: LogRoom;
  /** Stable name. */
  readonly event: string;
  /** Counts, durations in milliseconds, codes, names of classes, beginnings of NodeIDs. */
  readonly fields: Readonly<Record<string, number | string | boolean>>;
  /** How often it happened within a minute, and when it did last. */
  readonly times: number;
  readonly last: number;
}

export interface LogQuery {
  /** The least that matters; default `debug`: everything. */
  readonly level?: LogLevel;
  /** Default: all of them. */
  readonly room?: LogRoom;
  /** Default: all entries that are held. */
  readonly limit?: number;
}

/** An error that nobody caught in a page: its class and code, and where in the app's own scripts. No text. */
export interface PageFault {
  readonly kind: "error" | "rejection";
  readonly class: string;
  readonly code: string | null;
  /** `assets/index-abc.js:1:2345`, the innermost first. */
  readonly at: readonly string[];
}

/** What the peer can examine of itself. The page adds what only a window can see. */
export type PeerCheckStep = "storage" | "hashing" | "relays" | "links" | "clock";

export type CheckState = "ok" | "warning" | "broken";

export interface CheckResult<Step extends string = PeerCheckStep> {
  readonly step: Step;
  readonly state: CheckState;
  /** Stable, e.g. `STORAGE_FULL`; docs/api.md lists them. */
  readonly code: string;
  /** Milliseconds that it took to find out. */
  readonly took: number;
  /** Figures to the code: counts, bytes, milliseconds, codes. */
  readonly details: Readonly<Record<string, number | string | boolean>>;
}

export interface CheckReport {
  /** Milliseconds since 1970. */
  readonly checkedAt: number;
  readonly results: readonly CheckResult[];
}

export interface CheckOptions {
  /** Default: all of them. */
  readonly steps?: readonly PeerCheckStep[];
  readonly signal?: AbortSignal;
}

export interface DiagnosticsApi {
  /** What is in the log, the newest first. */
  log(query?: LogQuery): Promise<readonly LogEntry[]>;
  clearLog(): Promise<void>;
  /** Writes an error of a page down. @throws `FAULT_INVALID` */
  noteFault(fault: PageFault): Promise<void>;
  /** Tries out what this peer needs, for some seconds at most. @throws `CHECK_UNKNOWN`, or the signal's reason */
  selfCheck(options?: CheckOptions): Promise<CheckReport>;
}
