/** Feeds as links that can be given to others (docs/protocol.md, "Addresses"). Pure. */
import type { FeedSpec, ScopeMatch } from "../../peer/api.ts";
import { countCharacters, decodeNodeId, LIMITS, parseScope, scopeKey, WireError } from "../../wire/index.ts";
import { displayLine } from "./display.ts";
import { kindOf } from "./scopes.ts";

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
