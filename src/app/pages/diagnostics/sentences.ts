/** A finding in plain words. Pure: what formats is passed in. */
import type { DiagnosticsWords } from "../../i18n/en/diagnostics.ts";
import type { Formats } from "../../i18n/formats.ts";
import type { Finding } from "./finding.ts";

export interface Speech {
  readonly t: (key: keyof DiagnosticsWords, values?: Record<string, string | number>) => string;
  readonly has: (key: string) => key is keyof DiagnosticsWords;
  readonly formats: Pick<Formats, "number" | "bytes" | "duration">;
  /** What a relay is called, by its place in the list. */
  readonly relay: (place: number) => string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What is the case; the code itself where this version has no words for it. */
export function whatIs({ code, details }: Finding, speech: Speech): string {
  const withTrip = `${code}.trip`;
  const key = "roundTrip" in details && speech.has(withTrip) ? withTrip : code;
  return speech.has(key) ? speech.t(key, valuesOf(details, speech)) : code;
}

/** What can be done about it; `null` where there is nothing to do. */
export function whatToDo({ code, state }: Finding, speech: Speech): string | null {
  const key = `${code}.do`;
  return state !== "ok" && speech.has(key) ? speech.t(key) : null;
}

function valuesOf(details: Finding["details"], speech: Speech): Record<string, string> {
  const { formats } = speech;
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(details)) {
    if (typeof value !== "number") values[name] = String(value);
    else if (name === "used" || name === "quota") values[name] = formats.bytes(value);
    else if (name === "took") values["took"] = formats.duration(value);
    else if (name === "roundTrip") values["trip"] = formats.duration(value);
    else if (name === "relay") values["relay"] = speech.relay(value);
    else if (name === "skew") values["skew"] = skewOf(Math.abs(value), speech);
    else values[name] = formats.number(value);
  }
  return values;
}

function skewOf(off: number, { formats, t }: Speech): string {
  if (off < 2 * MINUTE) return t("skew.seconds", { count: formats.number(Math.round(off / 1_000)) });
  if (off < 2 * HOUR) return t("skew.minutes", { count: formats.number(Math.round(off / MINUTE)) });
  return t("skew.hours", { count: formats.number(Math.round(off / HOUR)) });
}
