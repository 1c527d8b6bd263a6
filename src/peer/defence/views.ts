import { decodeNodeId, encodeNodeId } from "../../wire/index.ts";
import { idOfMute, type Mute } from "../../social/index.ts";
import type { PeerCore } from "../core.ts";
import type { DefenceView, DoubtedView, FlaggedView, MuteView } from "./api.ts";

type Sources = Pick<PeerCore, "parts" | "profiles" | "reaching">;

export async function muteViews({ parts, profiles }: Sources): Promise<MuteView[]> {
  return await viewsOf({ profiles }, parts.defence.inForce().toReversed());
}

/** In the order given. */
export async function viewsOf({ profiles }: Pick<PeerCore, "profiles">, mutes: readonly Mute[]): Promise<MuteView[]> {
  const people = mutes.flatMap(({ target }) => (target.kind === "person" ? [decodeNodeId(target.id)] : []));
  await profiles.load(people);
  return mutes.map((mute) => {
    const { target } = mute;
    const name = target.kind === "person" ? profiles.nameOf(decodeNodeId(target.id)) : null;
    return { ...mute, id: idOfMute(target), name };
  });
}

export async function flaggedViews({ parts, profiles }: Sources): Promise<FlaggedView[]> {
  const flags = parts.defence.flags.all();
  await profiles.load(flags.map(({ key }) => key));
  return flags.map(({ key, name, posts, since }) => ({
    id: encodeNodeId(key),
    name: profiles.nameOf(key) ?? name,
    posts,
    since,
  }));
}

export async function doubtedViews({ profiles, reaching }: Sources): Promise<DoubtedView[]> {
  const doubts = reaching.doubts.all();
  await profiles.load(doubts.map(({ key }) => key));
  return doubts.map(({ causes, key, since }) => ({
    id: encodeNodeId(key),
    name: profiles.nameOf(key),
    since,
    causes: causes.map(encodeNodeId),
  }));
}

export function defenceView({ parts, reaching }: Sources): DefenceView {
  const { defence } = parts;
  return {
    policy: defence.policy,
    mutes: defence.inForce().length,
    flagged: defence.flags.size,
    doubted: reaching.doubts.all().length,
  };
}
