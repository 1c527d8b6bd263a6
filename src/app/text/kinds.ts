/** How envelopes write down how long something lasts (docs/protocol.md, section 3). Pure. */
import type { MediaHintView } from "../../peer/api.ts";
import { familyOf } from "../../wire/family.ts";
import { displayLine, displayText } from "./display.ts";

const LASTS = /^(.*?)\s*\((?:(\d{1,3}):)?(\d{1,3}):(\d{2})\)$/su;

export interface Titled {
  /** Empty where nobody named it. */
  readonly title: string;
  /** Seconds; `null`: not told. */
  readonly seconds: number | null;
}

/** What a hint may say: of whom nothing but words is known is none that has lines. */
type Described = Pick<MediaHintView, "altText"> & Partial<Pick<MediaHintView, "contentType">>;

/** What it is called stands on the first line of a lesson, and what it is about below it. */
function linesOf({ altText, contentType = "" }: Described): readonly [name: string, about: string] {
  const words = displayText(altText ?? "").trim();
  const end = familyOf(contentType) === "video" ? words.indexOf("\n") : -1;
  return end === -1 ? [words, ""] : [words.slice(0, end), words.slice(end)];
}

/** What a lesson is about; empty where that is not told, and of everything else. */
export function aboutOf(hint: Described | undefined): string {
  return hint === undefined ? "" : displayLine(linesOf(hint)[1]);
}

export function titledOf(hint: Described | undefined): Titled {
  const words = hint === undefined ? "" : displayLine(linesOf(hint)[0]);
  const found = LASTS.exec(words);
  if (found === null) return { title: words, seconds: null };
  const [, title = "", hours = "0", minutes = "0", seconds = "0"] = found;
  return { title, seconds: Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds) };
}

/** `3:21`, `1:02:03`. */
export function clockText(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const two = (part: number): string => String(part).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

export function isPicture({ contentType }: Pick<MediaHintView, "contentType">): boolean {
  return familyOf(contentType) === "picture";
}

/** Seconds of all tracks or lessons; `null` where one of them does not tell. */
export function lengthOf(media: readonly MediaHintView[]): number | null {
  const lasting = media.filter(({ contentType }) => ["audio", "video"].includes(familyOf(contentType)));
  const lengths = lasting.map((hint) => titledOf(hint).seconds);
  if (lengths.length === 0 || lengths.includes(null)) return null;
  return lengths.reduce<number>((sum, length) => sum + (length ?? 0), 0);
}
