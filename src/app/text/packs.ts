/** Starter packs: people, places, topics and curated feeds in one link (docs/protocol.md, "Addresses"). Pure. */
import type { FeedSpec, NodeId, ScopeKey } from "../../peer/api.ts";
import { countCharacters, decodeNodeId, LIMITS, parseScope, scopeKey, WireError } from "../../wire/index.ts";
import { displayLine, displayText } from "./display.ts";
import { kindOf } from "./scopes.ts";

export interface PackPerson {
  readonly id: NodeId;
  /** What whoever made the pack calls them; nobody vouches for it. */
  readonly label: string | null;
}

export interface Pack {
  readonly name: string;
  readonly about: string;
  readonly people: readonly PackPerson[];
  readonly scopes: readonly ScopeKey[];
  readonly curated: readonly { readonly curator: NodeId; readonly name: string }[];
}

/** As many as anybody looks through before a first evening. */
export const PACK_LIMITS = { people: 150, scopes: 64, curated: 64 } as const;
/** 150 people with names, and the rest: 20 KiB. Anything longer is no link that was made here. */
const MAX_LINK = 32_768;
const MAX_NAME = LIMITS.feedNameCharacters;
const MAX_ABOUT = LIMITS.summaryCharacters;

/** Reads what stands behind the `#` of a link; `null` for anything that is no pack. Anybody can make one. */
export function readPack(text: string): Pack | null {
  if (text.length > MAX_LINK) return null;
  const parameters = new URLSearchParams(text);
  const name = cut(displayLine(parameters.get("pack") ?? ""), MAX_NAME);
  const about = cut(displayText(parameters.get("about") ?? "").trim(), MAX_ABOUT);
  const people = new Map<NodeId, PackPerson>();
  const scopes = new Set<ScopeKey>();
  const curated = new Map<string, Pack["curated"][number]>();
  for (const [kind, value] of parameters) {
    if (kind === "person") keepPerson(value, people);
    else if (kind === "place" || kind === "topic") keepScope(kind === "place" ? "geo" : "topic", value, scopes);
    else if (kind === "feed") keepFeed(value, curated);
  }
  if (people.size + scopes.size + curated.size === 0) return null;
  return {
    name,
    about,
    people: [...people.values()].slice(0, PACK_LIMITS.people),
    scopes: [...scopes].slice(0, PACK_LIMITS.scopes),
    curated: [...curated.values()].slice(0, PACK_LIMITS.curated),
  };
}

/** What goes behind the `#`. Names and ids stay legible: a link is read by people, too. */
export function packText({ about, curated, name, people, scopes }: Pack): string {
  const parameters = new URLSearchParams();
  parameters.set("pack", name);
  if (about !== "") parameters.set("about", about);
  for (const { id, label } of people) parameters.append("person", label === null ? id : `${id}/${label}`);
  for (const scope of scopes) parameters.append(kindOf(scope) === "geo" ? "place" : "topic", scope.slice(2));
  for (const one of curated) parameters.append("feed", `${one.curator}/${one.name}`);
  return parameters.toString().replaceAll("%2F", "/").replaceAll("+", "%20");
}

/** Where a pack is opened. @param site with a slash at its end */
export function packLink(site: string, pack: Pack): string {
  return `${site}packs#${packText(pack)}`;
}

/** The feed that keeps an entry of a pack. */
export function specOfScope(scope: ScopeKey): FeedSpec {
  return { kind: "scope", scope, match: "prefix" };
}

function keepPerson(value: string, people: Map<NodeId, PackPerson>): void {
  const [id = "", ...label] = value.split("/");
  const name = cut(displayLine(label.join("/")), MAX_NAME);
  if (isId(id) && !people.has(id)) people.set(id, { id, label: name === "" ? null : name });
}

function keepScope(kind: "geo" | "topic", value: string, scopes: Set<ScopeKey>): void {
  try {
    scopes.add(scopeKey(parseScope(kind, value)));
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
}

function keepFeed(value: string, curated: Map<string, Pack["curated"][number]>): void {
  const at = value.indexOf("/");
  const [curator, name] = [value.slice(0, at), value.slice(at + 1)];
  const fits = name !== "" && name.isWellFormed() && countCharacters(name) <= MAX_NAME;
  if (at > 0 && fits && isId(curator)) curated.set(value, { curator, name });
}

function isId(text: string): boolean {
  try {
    return decodeNodeId(text).length === 32;
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}

function cut(text: string, most: number): string {
  const whole = text.toWellFormed();
  return countCharacters(whole) <= most ? whole : Array.from(whole).slice(0, most).join("");
}
