/** What was found by its name, as it is shown. */
import type { EnvelopeIndex } from "../../store/port.ts";
import { encodeNodeId, scopeFromKey, type NodeKey } from "../../wire/index.ts";
import type { PeerCore } from "../core.ts";
import type { NamedPerson, NamedView } from "./api.ts";
import type { Directory, Listed, Person } from "./directory.ts";

type Sources = Pick<PeerCore, "blocks" | "profiles" | "store" | "views">;

/** Blocked people are found as often as others: so many more are looked at. */
const SPARE = 64;

/** Those of whose name a word begins like each that was typed; behind them those whose name nearly does. */
export async function peopleIn(
  core: Sources,
  directory: Directory,
  typed: string,
  limit: number,
): Promise<NamedPerson[]> {
  const { blocks, store } = core;
  const { guards } = core.views;
  const shown = (people: readonly Person[]) =>
    people
      .filter(({ key }) => !blocks.has(key))
      .map(({ key, name }) => ({ key, name, envelopes: writtenBy(store.envelopes, key) }))
      .sort((a, b) => b.envelopes - a.envelopes || (a.name < b.name ? -1 : 1));
  const exactly = directory.people(typed, "exactly");
  const found = shown(exactly);
  if (found.length < limit) {
    const known = new Set(exactly);
    found.push(...shown(directory.people(typed, "nearly").filter((person) => !known.has(person))));
  }
  // It is asked once, and no change follows that would bring what is found out later.
  await guards.compared();
  return found.slice(0, limit).map(({ envelopes, key, name }) => {
    return { id: encodeNodeId(key), name, alike: guards.alike(key, name), envelopes };
  });
}

/** Best first. */
export async function namedViews(
  core: Sources,
  directory: Directory,
  typed: string,
  limit: number,
): Promise<NamedView[]> {
  const { blocks, profiles } = core;
  const found = directory
    .find(typed, limit + SPARE)
    .filter((listed) => listed.kind === "scope" || !blocks.has(ownerOf(listed)))
    .slice(0, limit);
  await profiles.load(found.flatMap((listed) => (listed.kind === "scope" ? [] : [ownerOf(listed)])));
  return found.map((listed) => viewOf(core, listed));
}

function viewOf({ profiles, store, views }: Sources, listed: Listed): NamedView {
  if (listed.kind === "scope") {
    const { scope } = listed;
    const filter = { kind: "scope", scope: scopeFromKey(scope), match: "prefix" } as const;
    return { kind: "scope", key: scope, scope, envelopes: store.envelopes.count(filter) };
  }
  const { name } = listed;
  if (listed.kind === "feed") {
    const curator = encodeNodeId(listed.curator);
    const curatorName = profiles.nameOf(listed.curator);
    const curatorAlike = views.guards.alike(listed.curator, curatorName);
    return { kind: "feed", key: `${curator} ${name}`, curator, curatorName, curatorAlike, name };
  }
  const id = encodeNodeId(listed.key);
  const alike = views.guards.alike(listed.key, name);
  return { kind: "person", key: id, id, name, avatar: profiles.avatarOf(listed.key), alike };
}

function ownerOf(listed: Exclude<Listed, { readonly kind: "scope" }>): NodeKey {
  return listed.kind === "person" ? listed.key : listed.curator;
}

function writtenBy(envelopes: EnvelopeIndex, author: NodeKey): number {
  return envelopes.count({ kind: "authors", authors: [author] });
}
