/** What the maintainer sees of a mesh and does with it. */
import type { NodeKey } from "../wire/types.ts";

/** A direct link as the maintainer sees it. */
export interface MaintainedLink {
  readonly peer: NodeKey;
  readonly openedAt: number;
  /** When anything but upkeep last went over it. */
  readonly usedAt: number;
}

export interface MaintainerPort {
  links(): readonly MaintainedLink[];
  /** Whether a dial can succeed at all: a relay is connected, or there is a neighbour to ask. */
  canDial(): boolean;
  /** Whether this peer is opening a link to us right now. */
  isSignalling(peer: NodeKey): boolean;
  isBanned(peer: NodeKey): boolean;
  /** Joined channels, and the linked peers of each. */
  channels(): readonly string[];
  channelPeers(channel: string): readonly NodeKey[];
  dial(peer: NodeKey, signal: AbortSignal): Promise<void>;
  close(peer: NodeKey): void;
}
