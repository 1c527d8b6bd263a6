/** Everything that is muted now, as it is: the list is shown, the kinds are marked by it, and changes are taken back with it. */
import type { MuteInput, MuteView, PeerApi } from "../../../peer/api.ts";
import { useConnection } from "../../state/connection.tsx";
import { createLiveRows, type LiveRows } from "../../state/live.ts";

/** As many as are kept at most, all of them at once: what is chosen or counted is not only what is on screen. */
const ALL = { limit: 2_000 };

export type Mutes = Pick<LiveRows<MuteView>, "error" | "ready" | "retry" | "rows">;

export function createMutes(): Mutes {
  const { api } = useConnection();
  return createLiveRows(
    api,
    "mutes",
    () => ALL,
    (row) => row.id,
  );
}

export const inputOf = ({ how, target, until }: MuteView): MuteInput => ({ target: { ...target }, how, until });

/**
 * Mutes all of these in one go.
 * @returns how many they are, and what takes it back: those that were muted before hold again as they did. Nothing does where it
 *   is not known which those are
 */
export async function muteAll(
  peer: PeerApi,
  mutes: readonly MuteInput[],
  present: Mutes,
): Promise<{ readonly count: number; readonly undo: ((peer: PeerApi) => Promise<void>) | null }> {
  const isKnown = present.ready();
  const before = new Map(present.rows().map((row) => [row.id, inputOf(row)]));
  const ids = new Set((await peer.mute(mutes)).map(({ id }) => id));
  async function undo(again: PeerApi): Promise<void> {
    const changed = [...ids].flatMap((id) => before.get(id) ?? []);
    await again.unmute([...ids].filter((id) => !before.has(id)));
    if (changed.length > 0) await again.mute(changed);
  }
  return { count: ids.size, undo: isKnown ? undo : null };
}
