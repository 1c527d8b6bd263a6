import { decodeNodeId, encodeNodeId, type NodeKey } from "../../wire/index.ts";
import { idOfMute, type Mute } from "../../social/index.ts";
import type { PeerCore } from "../core.ts";
import type { DefenceView, DoubtedView, FlaggedView, MuteView, PersonView } from "./api.ts";

type Sources = Pick<PeerCore, "parts" | "profiles" | "reaching" | "views">;

/** @param name as it is known, or was when it was kept */
export function personView({ views }: Pick<PeerCore, "views">, key: NodeKey, name: string | null): PersonView {
  return { id: encodeNodeId(key), name, alike: views.guards.alike(key, name) };
}

export async function muteViews(core: Sources): Promise<MuteView[]> {
  return await viewsOf(core, core.parts.defence.inForce().toReversed());
}

/** In the order given. */
export async function viewsOf(
  { profiles, views }: Pick<PeerCore, "profiles" | "views">,
  mutes: readonly Mute[],
): Promise<MuteView[]> {
  const people = mutes.flatMap(({ target }) => (target.kind === "person" ? [decodeNodeId(target.id)] : []));
  await profiles.load(people);
  return mutes.map((mute) => {
    const { target } = mute;
    const key = target.kind === "person" ? decodeNodeId(target.id) : null;
    const name = key === null ? null : profiles.nameOf(key);
    const alike = key === null ? null : views.guards.alike(key, name);
    return { ...mute, id: idOfMute(target), name, alike };
  });
}

export async function flaggedViews(core: Sources): Promise<FlaggedView[]> {
  const { parts, profiles } = core;
  const flags = parts.defence.flags.all();
  await profiles.load(flags.map(({ key }) => key));
  return flags.map(({ key, name, posts, since }) => ({
    ...personView(core, key, profiles.nameOf(key) ?? name),
    posts,
    since,
  }));
}

export async function doubtedViews(core: Sources): Promise<DoubtedView[]> {
  const { profiles, reaching } = core;
  const doubts = reaching.doubts.all();
  await profiles.load(doubts.map(({ key }) => key));
  return doubts.map(({ causes, key, since }) => ({
    ...personView(core, key, profiles.nameOf(key)),
    since,
    causes: causes.map(encodeNodeId),
  }));
}

export function defenceView({ parts, reaching }: Pick<Sources, "parts" | "reaching">): DefenceView {
  const { defence } = parts;
  return {
    policy: defence.policy,
    mutes: defence.inForce().length,
    flagged: defence.flags.size,
    doubted: reaching.doubts.all().length,
  };
}
