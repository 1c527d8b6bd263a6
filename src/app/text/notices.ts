/** Notices as people read them: which words, where they lead, and what of them may stand on a lock screen. Pure. */
import type { NoticePerson, NoticeView } from "../../peer/api.ts";
import type { Messages } from "../i18n/index.tsx";
import { displayLine } from "./display.ts";
import { isolatedName } from "./people.ts";

type Key = Extract<keyof Messages, `inbox.${string}`>;

export interface NoticeWords {
  readonly key: Key;
  readonly slots: Readonly<Record<string, string>>;
}

/** Titles inside of a sentence keep their direction to themselves. */
const isolated = (name: string): string => `\u2068${name}\u2069`;

/** Whom a line names: of more than two it tells how many there are. */
export function namedIn({ people }: Pick<NoticeView, "people">): readonly NoticePerson[] {
  return people.slice(0, 2);
}

/** "Ada", "Ada and Ben", "Ada, Ben and 3 others". */
export function whoWords(
  { people, peopleCount }: Pick<NoticeView, "people" | "peopleCount">,
  number: (amount: number) => string,
): NoticeWords | { readonly text: string } {
  const [first, second] = namedIn({ people }).map(isolatedName);
  if (first === undefined || second === undefined) return { text: first ?? "" };
  const others = peopleCount - 2;
  if (others === 0) return { key: "inbox.two", slots: { first, second } };
  const slots = { first, second, count: number(others) };
  return { key: others === 1 ? "inbox.others_one" : "inbox.others_other", slots };
}

/** What happened, in one sentence. @param who as `whoWords` has it */
export function noticeWords(
  { count, feed, kind, peopleCount }: Pick<NoticeView, "count" | "feed" | "kind" | "peopleCount">,
  who: string,
  number: (amount: number) => string,
): NoticeWords {
  const form = peopleCount > 1 ? "many" : count > 1 ? "times" : "one";
  return {
    key: `inbox.${kind}.${form}`,
    slots: { who, count: number(count), feed: feed === null ? "" : isolated(displayLine(feed.name)) },
  };
}

/** Path within the app, without its base. */
export function noticeHref(view: NoticeView): string {
  const [person] = view.people;
  switch (view.kind) {
    case "trust":
      return `/trust/${person?.id ?? ""}`;
    case "curated":
      return view.feed === null ? `/p/${view.latest ?? ""}` : `/f/${view.feed.id}`;
    case "several":
      // Things in several places have nothing in common but who did them.
      return view.peopleCount === 1 && person !== undefined
        ? `/u/${person.id}`
        : `/p/${view.post?.hash ?? view.latest ?? ""}`;
    case "boost":
      return view.post === null ? "/inbox" : `/p/${view.post.hash}`;
    case "reply":
    case "reference":
      return view.count === 1 || view.post === null ? `/p/${view.latest ?? ""}` : `/p/${view.post.hash}`;
  }
}

/**
 * Whether nobody is to be called now.
 * @param minute of the local day; the hours may go over midnight, and none are quiet where they end as they begin
 */
export function isQuietAt({ from, to }: { readonly from: number; readonly to: number }, minute: number): boolean {
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** `22:30` of the minutes of a day, as a field for times has it; and back, `null` for no time. */
export function clockOf(minutes: number): string {
  const pad = (part: number): string => String(part).padStart(2, "0");
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

export function minutesOf(text: string): number | null {
  const parts = /^(\d{2}):(\d{2})$/u.exec(text);
  if (parts === null) return null;
  const [hours, minutes] = [Number(parts[1]), Number(parts[2])];
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : null;
}
