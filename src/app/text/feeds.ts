/** Kept feeds as people read them, and as links that can be given to others (docs/protocol.md, "Addresses"). Pure. */
import type { FeedSpec, FeedView, ScopeMatch } from "../../peer/api.ts";
import { countCharacters, decodeNodeId, LIMITS, parseScope, scopeKey, WireError } from "../../wire/index.ts";
import type { Messages } from "../i18n/index.tsx";
import { displayLine, shortId } from "./display.ts";
import { kindOf, scopeName, scopePath } from "./scopes.ts";

/** Words that name or describe a feed, which only a language has. */
export interface FeedWords {
  /** A key of the messages. */
  readonly key: Extract<keyof Messages, `feeds.${string}`>;
  readonly slots: Readonly<Record<string, string>>;
}

/** The kinds of which somebody can make a feed, in the order in which they are offered. */
export const FEED_KINDS = ["people", "place", "topic", "intersection", "curated"] as const;

/** What a feed is called without a name of its own. */
export function feedName(
  spec: FeedSpec,
  nameOf: (id: string) => string | null = () => null,
): FeedWords | { readonly text: string } {
  switch (spec.kind) {
    case "home":
      return { key: "feeds.name.home", slots: {} };
    case "people":
      return { key: "feeds.name.people", slots: {} };
    case "trusted":
      return { key: "feeds.name.trusted", slots: {} };
    case "author":
      return { text: displayLine(nameOf(spec.author) ?? "") || shortId(spec.author) };
    case "scope":
      return { text: scopeName(spec.scope) };
    case "intersection":
      return { text: [...spec.places, ...spec.topics].map(({ scope }) => scopeName(scope)).join(" + ") };
    case "curated":
      return { text: displayLine(spec.name) };
    case "replies":
      return { key: "feeds.name.replies", slots: {} };
  }
}

/** The icon of a kind. */
export function feedIcon(kind: FeedView["kind"]): "home" | "person" | "place" | "topic" | "mix" | "curated" {
  switch (kind) {
    case "people":
      return "person";
    case "intersection":
      return "mix";
    default:
      return kind;
  }
}

/** Path of the page of a kept feed, without the app's base. */
export function feedHref(feed: Pick<FeedView, "id" | "kind">): string {
  return feed.kind === "home" ? "/" : `/f/${feed.id}`;
}

const PARAMETERS = {
  place: ["geo", "prefix"],
  "place-only": ["geo", "exact"],
  topic: ["topic", "prefix"],
  "topic-only": ["topic", "exact"],
} as const;
type ScopeParameter = keyof typeof PARAMETERS;

/** What of a feed goes into a link; `null` for what is this person's own: home, everyone followed, trusted people. */
export function sharedParameters(spec: FeedSpec, name: string | null): string | null {
  const parameters = new URLSearchParams();
  if (name !== null) parameters.set("name", name);
  const add = ({ match, scope }: ScopeMatch): void => {
    const kind = kindOf(scope) === "geo" ? "place" : "topic";
    parameters.append(match === "exact" ? `${kind}-only` : kind, scope.slice(2));
  };
  switch (spec.kind) {
    case "scope":
      add(spec);
      break;
    case "intersection":
      for (const scope of [...spec.places, ...spec.topics]) add(scope);
      break;
    case "author":
      parameters.set("author", spec.author);
      break;
    case "curated":
      parameters.set("curator", spec.curator);
      parameters.set("feed", spec.name);
      break;
    default:
      return null;
  }
  // A slash means nothing else there, and a link is read by people, too.
  return parameters.toString().replaceAll("%2F", "/").replaceAll("+", "%20");
}

/** A link to give away; `null` for what cannot be shared. */
export function feedLink(spec: FeedSpec, name: string | null): string | null {
  const parameters = sharedParameters(spec, name);
  return parameters === null ? null : `web+mehr:feed/?${parameters}`;
}

export interface SharedFeed {
  readonly spec: FeedSpec;
  readonly name: string | null;
}

/** As many as an intersection takes. */
const MOST_SCOPES = 16;

/** What the parameters of a link say; `null` for anything that is no feed. Anybody can make one. */
export function readShared(text: string): SharedFeed | null {
  const parameters = new URLSearchParams(text);
  const name = displayLine(parameters.get("name") ?? "") || null;
  if (name !== null && countCharacters(name) > LIMITS.feedNameCharacters) return null;
  const spec = specOf(parameters);
  return spec === null ? null : { spec, name };
}

function specOf(parameters: URLSearchParams): FeedSpec | null {
  try {
    const author = parameters.get("author");
    const curator = parameters.get("curator");
    const scopes = scopesOf(parameters);
    const kinds = [author !== null, curator !== null, scopes.length > 0].filter(Boolean);
    if (kinds.length !== 1) return null;
    if (author !== null) return isId(author) ? { kind: "author", author } : null;
    if (curator !== null) {
      const feed = parameters.get("feed") ?? "";
      const fits = feed !== "" && feed.isWellFormed() && countCharacters(feed) <= LIMITS.feedNameCharacters;
      return isId(curator) && fits ? { kind: "curated", curator, name: feed } : null;
    }
    const places = scopes.filter(({ scope }) => kindOf(scope) === "geo");
    const topics = scopes.filter(({ scope }) => kindOf(scope) === "topic");
    if (places.length > MOST_SCOPES || topics.length > MOST_SCOPES) return null;
    if (places.length > 0 && topics.length > 0) return { kind: "intersection", places, topics };
    const [only] = scopes;
    return scopes.length === 1 && only !== undefined ? { kind: "scope", ...only } : null;
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}

function scopesOf(parameters: URLSearchParams): ScopeMatch[] {
  const found = new Map<string, ScopeMatch>();
  for (const [name, value] of parameters) {
    if (!Object.hasOwn(PARAMETERS, name)) continue;
    const [kind, match] = PARAMETERS[name as ScopeParameter];
    const scope = scopeKey(parseScope(kind, value));
    if (found.get(scope)?.match !== "prefix") found.set(scope, { scope, match });
  }
  return [...found.values()];
}

/** With its checksum: a mistyped address is nobody's. */
function isId(text: string): boolean {
  return decodeNodeId(text).length === 32;
}

/** One line that says what a feed shows, of scopes by their paths. */
export function scopesLine(scopes: readonly ScopeMatch[], only: (path: string) => string): string[] {
  return scopes.map(({ match, scope }) => (match === "exact" ? only(scopePath(scope)) : scopePath(scope)));
}

/** Whether two feeds show the same, whoever wrote them down. */
export function sameSpec(a: FeedSpec, b: FeedSpec): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The kind of a feed that is not kept yet. */
export function kindOfSpec(spec: FeedSpec): FeedView["kind"] {
  switch (spec.kind) {
    case "home":
    case "intersection":
    case "curated":
      return spec.kind;
    case "scope":
      return kindOf(spec.scope) === "geo" ? "place" : "topic";
    default:
      return "people";
  }
}
