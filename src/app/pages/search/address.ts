/** What is looked for, as the address carries it. Pure; what no search can be is left out, as if nothing had been said. */
import type { ContentKind, SearchQuery } from "../../../peer/api.ts";
import { CONTENT_KINDS } from "../../text/content-kinds.ts";

/** What a person has asked for. Days are local, `YYYY-MM-DD`, the first and the last that count. */
export interface Sought {
  readonly text: string;
  readonly author: string | null;
  readonly scope: string | null;
  readonly kind: ContentKind | null;
  readonly from: string | null;
  readonly to: string | null;
}

export const NOTHING: Sought = { text: "", author: null, scope: null, kind: null, from: null, to: null };

export type SearchParameters = Readonly<Partial<Record<"q" | "by" | "in" | "kind" | "from" | "to", string>>>;

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/u;
const NODE_ID = /^mehr1[02-9ac-hj-np-z]{58}$/u;
const SCOPE = /^[gt]:[^\s]+$/u;

/** Midnight at which the day begins here; `null` for what is no day. */
function startOf(day: string | null, later = 0): number | null {
  const [, year, month, date] = DAY.exec(day ?? "") ?? [];
  if (year === undefined) return null;
  const start = new Date(Number(year), Number(month) - 1, Number(date));
  // February has no thirtieth, and Date makes a day of March of it; years of two digits it takes for those of the last century.
  if (start.getMonth() !== Number(month) - 1 || Number(year) < 100 || start.getTime() < 0) return null;
  return new Date(Number(year), Number(month) - 1, Number(date) + later).getTime();
}

/** Whether somebody can have meant this day: of a year that is being typed the first digits are a year, too. */
export function isDay(day: string): boolean {
  return startOf(day) !== null;
}

export function readAddress(parameters: SearchParameters): Sought {
  const { by, from, in: scope, kind, q, to } = parameters;
  return {
    text: q ?? "",
    author: by !== undefined && NODE_ID.test(by) ? by : null,
    scope: scope !== undefined && SCOPE.test(scope) ? scope : null,
    kind: CONTENT_KINDS.find((known) => known === kind) ?? null,
    from: startOf(from ?? null) === null ? null : (from ?? null),
    to: startOf(to ?? null) === null ? null : (to ?? null),
  };
}

/** For the router: what is `null` goes from the address. */
export function addressOf(sought: Sought): Record<"q" | "by" | "in" | "kind" | "from" | "to", string | null> {
  const { author, from, kind, scope, text, to } = sought;
  return { q: text.trim() === "" ? null : text, by: author, in: scope, kind, from, to };
}

/** `null` where nothing is asked for. */
export function queryOf({ author, from, kind, scope, text, to }: Sought): SearchQuery | null {
  const since = startOf(from);
  const until = startOf(to, 1);
  const query: SearchQuery = {
    ...(text.trim() === "" ? {} : { text }),
    ...(author === null ? {} : { author }),
    ...(scope === null ? {} : { scope }),
    ...(kind === null ? {} : { kind }),
    ...(since === null ? {} : { since }),
    ...(until === null ? {} : { until: until - 1 }),
  };
  return Object.keys(query).length === 0 ? null : query;
}

/** The local day of a moment. */
export function dayOf(time: number): string {
  const date = new Date(time);
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
