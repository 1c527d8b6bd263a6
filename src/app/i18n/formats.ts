/** Numbers, sizes and times as a person of a language writes them. Pure: the present time is passed in. */
import type { Language } from "./language.ts";

export interface Formats {
  number(amount: number): string;
  /** `1234` becomes "1.2 kB"; steps of 1,000, as storage is sold and quotas are told. */
  bytes(amount: number): string;
  /** Milliseconds of a round trip. */
  duration(milliseconds: number): string;
  /** "5 min. ago"; a date once it is older than a week. */
  ago(then: number, now: number): string;
  /** Date and time of day in full. */
  moment(time: number): string;
  /** Weekday and date. */
  day(time: number): string;
  list(items: readonly string[]): string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** Made when it is first needed: to make all of these takes some 30 ms (measured), and the first page needs few. */
function onDemand<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => (made ??= make());
}

export function createFormats(language: Language): Formats {
  const plain = onDemand(() => new Intl.NumberFormat(language));
  const units = BYTE_UNITS.map((unit) =>
    onDemand(
      () =>
        new Intl.NumberFormat(language, {
          style: "unit",
          unit,
          // The short ones of Persian are Latin letters (CLDR), which nothing else on a page is.
          unitDisplay: unit === "byte" || language === "fa" ? "long" : "short",
          maximumFractionDigits: unit === "byte" ? 0 : 1,
        }),
    ),
  );
  const milliseconds = onDemand(
    () => new Intl.NumberFormat(language, { style: "unit", unit: "millisecond", maximumFractionDigits: 0 }),
  );
  const relative = onDemand(() => new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" }));
  // Not "full": what that makes in Persian puts the year before the month and the weekday after a Latin comma (CLDR 48).
  const moment = onDemand(() => new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }));
  const date = onDemand(() => new Intl.DateTimeFormat(language, { dateStyle: "medium" }));
  const day = onDemand(() => new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" }));
  const list = onDemand(() => new Intl.ListFormat(language, { type: "conjunction" }));

  return {
    number: (amount) => plain().format(amount),
    bytes(amount) {
      let step = 0;
      let value = amount;
      while (value >= 1000 && step < units.length - 1) {
        value /= 1000;
        step += 1;
      }
      return (units[step] ?? plain)().format(value);
    },
    duration: (amount) => milliseconds().format(amount),
    ago(then, now) {
      const age = now - then;
      if (age < MINUTE) return relative().format(0, "second");
      if (age < HOUR) return relative().format(-Math.floor(age / MINUTE), "minute");
      if (age < DAY) return relative().format(-Math.floor(age / HOUR), "hour");
      if (age < WEEK) return relative().format(-Math.floor(age / DAY), "day");
      return date().format(then);
    },
    moment: (time) => moment().format(time),
    day: (time) => day().format(time),
    list: (items) => list().format(items),
  };
}
