/** What a person does against what it does not want to see. Everything happens at once and can be taken back. */
import type { EnvelopeView, MuteInput, MuteView, PeerApi } from "../../peer/api.ts";
import { useI18n } from "../i18n/index.tsx";
import { authorOf, isolatedName } from "../text/people.ts";
import { useActions } from "./actions.ts";
import { notify } from "./notices.ts";

/** How long a mute lasts, in milliseconds; `null`: for good. */
export const LENGTHS = { day: 86_400_000, week: 604_800_000, month: 2_592_000_000, ever: null } as const;
export type Length = keyof typeof LENGTHS;
export const LENGTH_NAMES = Object.keys(LENGTHS) as Length[];

export function untilOf(length: Length): number | null {
  const span = LENGTHS[length];
  return span === null ? null : Date.now() + span;
}

type Author = Pick<EnvelopeView, "author" | "authorName" | "guard">;

export interface Defending {
  /** @param what as the notice names it */
  mute(mutes: readonly MuteInput[], what: string): Promise<boolean>;
  unmute(ids: readonly string[], again: readonly MuteInput[], what: string): Promise<boolean>;
  notWorthIt(envelope: Author & Pick<EnvelopeView, "hash">): Promise<boolean>;
  worthIt(envelope: Author & Pick<EnvelopeView, "hash">): Promise<boolean>;
  block(person: Author): Promise<boolean>;
}

export function useDefending(): Defending {
  const { t } = useI18n();
  const { run } = useActions();
  const named = (author: Author): string => isolatedName(authorOf(author));
  /** Does something, says so, and offers to take it back. */
  async function done(
    call: (api: PeerApi) => Promise<unknown>,
    text: string,
    back: (api: PeerApi) => Promise<unknown>,
  ): Promise<boolean> {
    if (!(await run(call))) return false;
    notify(text, { label: t("app.undo"), run: () => void run(back) });
    return true;
  }

  return {
    mute(mutes, what) {
      let kept: readonly MuteView[] = [];
      const call = async (api: PeerApi): Promise<void> => {
        kept = await api.mute(mutes);
      };
      return done(call, t("mute.done", { what }), (api) => api.unmute(kept.map(({ id }) => id)));
    },
    unmute: (ids, again, what) =>
      done(
        (api) => api.unmute(ids),
        t("mute.undone", { what }),
        (api) => api.mute(again),
      ),
    notWorthIt: (envelope) =>
      done(
        (api) => api.notWorthIt(envelope.hash),
        t("flag.done", { name: named(envelope) }),
        (api) => api.worthIt(envelope.author, [envelope.hash]),
      ),
    worthIt: (envelope) =>
      done(
        (api) => api.worthIt(envelope.author),
        t("flag.undone", { name: named(envelope) }),
        (api) => api.notWorthIt(envelope.hash),
      ),
    block: (person) =>
      done(
        (api) => api.block(person.author),
        t("block.done", { name: named(person) }),
        (api) => api.unblock(person.author),
      ),
  };
}
