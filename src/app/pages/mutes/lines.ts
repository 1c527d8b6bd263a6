/** People, places, topics and conversations as they are typed or pasted, one in each line. Pure. */
import type { MuteTarget } from "../../../peer/api.ts";
import { decodeNodeId, encodeNodeId, WireError } from "../../../wire/index.ts";
import { targetOfAddress } from "../../text/addresses.ts";
import { displayLine } from "../../text/display.ts";
import { typedKey } from "../../text/scope-limits.ts";
import { scopeOfPath } from "../../text/scopes.ts";

/**
 * Why a line is not understood. `alone`: one name, which might be a person's, a place's or a topic's; `person`: an address with
 * letters missing or changed; `link`: leads to nothing that can be muted; `own`: of whoever types it.
 */
export type LineProblem = "alone" | "link" | "own" | "person" | "scope";

/** A line that says nothing of what is to be muted. */
export interface BadLine {
  /** As it was typed. */
  readonly line: string;
  readonly problem: LineProblem;
}

export interface ReadLines {
  readonly targets: readonly MuteTarget[];
  readonly bad: readonly BadLine[];
}

/** @param self NodeID of whoever types; lines with nothing in them are passed over */
export function readLines(text: string, self: string | undefined): ReadLines {
  const targets: MuteTarget[] = [];
  const bad: BadLine[] = [];
  for (const line of text.split("\n")) {
    const typed = displayLine(line).replace(UNSEEN, "").trim();
    if (typed === "") continue;
    const read = targetOf(typed);
    if ("problem" in read) bad.push({ line, problem: read.problem });
    else if (read.kind === "person" && read.id === self) bad.push({ line, problem: "own" });
    else targets.push(read);
  }
  return { targets, bad };
}

/** Marks of direction and the like that come along when something is copied from a page. */
const UNSEEN = /[\u200b\u200e\u200f\ufeff]/gu;

type Read = MuteTarget | { readonly problem: LineProblem };

const HASH = /^[0-9a-f]{64}$/iu;
/** The path of a page at the end of a link, whoever hosts the app and under which path. */
const PAGE =
  /(?:^|\/)(?:(?:u|trust)\/(?<id>mehr1[^/]*)|p\/(?<post>[0-9a-f]{64})(?:\/graph)?|s\/(?<scope>(?:place|topic)\/.+))$/iu;

const ANY_SITE = "https://site.invalid/";
/** A page of the app, or a host: no place is called like one. */
const WITHOUT_SCHEME =
  /(?:^|\/)(?:(?:u|trust)\/mehr1|p\/[0-9a-f]{64}|s\/(?:place|topic)\/)|^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?::\d+)?\//iu;

function targetOf(typed: string): Read {
  if (/^mehr1[0-9a-z]+$/iu.test(typed)) return person(typed);
  if (HASH.test(typed)) return { kind: "thread", post: typed.toLowerCase() };
  if (/^web\+mehr:/iu.test(typed)) {
    const target = targetOfAddress(typed);
    return "path" in target ? pageOf(target.path) : { problem: "link" };
  }
  if (/^https?:/iu.test(typed)) return URL.canParse(typed) ? pageOf(new URL(typed).pathname) : { problem: "link" };
  // Without what stands before "//", as some browsers copy it, and as links stand within the app.
  if (typed.startsWith("/") || WITHOUT_SCHEME.test(typed)) {
    return URL.canParse(typed, ANY_SITE) ? pageOf(new URL(typed, ANY_SITE).pathname) : { problem: "link" };
  }
  return scope(typed);
}

function pageOf(path: string): Read {
  const found = PAGE.exec(path.replace(/\/+$/u, ""))?.groups;
  if (found?.["id"] !== undefined) return person(found["id"]);
  if (found?.["post"] !== undefined) return { kind: "thread", post: found["post"].toLowerCase() };
  const [kind = "", ...segments] = (found?.["scope"] ?? "").split("/");
  const named = scopeOfPath(kind.toLowerCase(), segments.map(decoded));
  return named === null ? { problem: "link" } : key(named);
}

function person(id: string): Read {
  try {
    return { kind: "person", id: encodeNodeId(decodeNodeId(id.toLowerCase())) };
  } catch (error) {
    if (error instanceof WireError) return { problem: "person" };
    throw error;
  }
}

/** "#gaming/pokemon" is a topic, "Europe / NL" a place; so are their keys. */
function scope(typed: string): Read {
  if (/^[gt]:/iu.test(typed)) return key(typed[0]!.toLowerCase() + typed.slice(1));
  if (/^[#\uff03]/u.test(typed)) return key(`t:${typed.slice(1)}`);
  return /[/\uff0f]/u.test(typed) ? key(`g:${typed}`) : { problem: "alone" };
}

function key(given: string): Read {
  const named = typedKey(given.startsWith("g:") ? "geo" : "topic", given.slice(2));
  return named === null ? { problem: "scope" } : { kind: "scope", scope: named };
}

/** A segment that no browser wrote is taken as it stands. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}
