/**
 * `web+mehr:` addresses: a person, whether to trust one, a post, a place, a topic or an invite, whoever hosts the app that opens them
 * (docs/protocol.md, "Addresses"). Anybody can make a link to one, so they lead to pages of the app and to nothing else. Pure.
 */
import { parseScope, scopeKey, WireError } from "../../wire/index.ts";
import { readShared, sharedParameters } from "./feed-links.ts";
import { scopeHref } from "./scopes.ts";

export type AddressProblem = "empty" | "too-long" | "malformed" | "unknown";

export type AddressTarget =
  /** Path of the page, without the app's base. */
  { readonly path: string } | { readonly problem: AddressProblem };

/** A scope of eight parts of 32 characters, each of them twelve characters when percent-encoded, and its head. */
const MOST_CHARACTERS = 4_096;

const NODE_ID = /^mehr1[02-9ac-hj-np-z]{20,90}$/;
const HASH = /^[0-9a-f]{64}$/;
/** Invites are base64url (docs/protocol.md, "Invites"). */
const CODE = /^[\w-]{1,3000}$/;

export function targetOfAddress(address: string): AddressTarget {
  const text = address.trim();
  if (text.length > MOST_CHARACTERS) return { problem: "too-long" };
  // Some programs put "//" behind every scheme.
  const [, rest] = /^web\+mehr:(?:\/\/)?(.*)$/isu.exec(text) ?? [];
  if (rest === undefined) return { problem: text === "" ? "empty" : "malformed" };
  const [head = "", ...tail] = rest.replace(/\/$/, "").split("/");
  const kind = head.toLowerCase();
  if (kind === "") return { problem: "empty" };
  if (kind.startsWith("mehr1")) return tail.length === 0 && NODE_ID.test(kind) ? { path: `/u/${kind}` } : MALFORMED;
  switch (kind) {
    case "post":
      return tail.length === 1 && HASH.test(tail[0] ?? "") ? { path: `/p/${tail[0]}` } : MALFORMED;
    case "place":
    case "topic":
      return targetOfScope(kind, tail.join("/"));
    case "trust":
      return tail.length === 1 && NODE_ID.test(tail[0]?.toLowerCase() ?? "")
        ? { path: `/trust/${tail[0]?.toLowerCase()}` }
        : MALFORMED;
    case "feed":
      return targetOfFeed(address.trim());
    case "join":
      return tail.length === 1 && CODE.test(tail[0] ?? "") ? { path: `/join#${tail[0]}` } : MALFORMED;
    default:
      return { problem: "unknown" };
  }
}

const MALFORMED: AddressTarget = { problem: "malformed" };

/** As typed or as copied: what may stand in a place or topic, and in which form, is the protocol's to say. */
function targetOfScope(kind: "place" | "topic", path: string): AddressTarget {
  try {
    const scope = parseScope(kind === "place" ? "geo" : "topic", decodeURIComponent(path));
    return { path: scopeHref(scopeKey(scope)) };
  } catch (error) {
    if (error instanceof URIError || error instanceof WireError) return MALFORMED;
    throw error;
  }
}

/** Leads to a page that says what the feed is; what is saved is decided there. */
function targetOfFeed(address: string): AddressTarget {
  const query = address.indexOf("?");
  const shared = query === -1 ? null : readShared(address.slice(query + 1));
  const parameters = shared === null ? null : sharedParameters(shared.spec, shared.name);
  return parameters === null ? MALFORMED : { path: `/feeds/shared?${parameters}` };
}
