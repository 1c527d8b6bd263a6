/** Files on their way into a draft, one after the other: each is listed once the peer has it. */
import { createSignal, onCleanup } from "solid-js";
import type { Draft, DraftAttachment, PeerApi } from "../../../../peer/api.ts";
import { LIMITS } from "../../../../wire/limits.ts";
import { codeOf } from "../../../state/errors.ts";
import { type FileRefusal, refusalOf, takenFile } from "./taken.ts";

export interface Refused {
  readonly name: string;
  readonly why: FileRefusal | "full" | "twice";
}

export interface Taking {
  /** Files on their way. */
  readonly busy: () => number;
  /** Those of the last time that were not taken. */
  readonly refused: () => readonly Refused[];
  take(files: readonly File[]): void;
  /**
   * For "Undo" when this file is removed: puts it back where it was. Nothing happens when another draft is open by then, which
   * may be for others to read, or when there is no room for it any more.
   */
  putBack(file: DraftAttachment, at: number): () => void;
  /** Another draft is being written: what is on its way belongs to none. */
  leave(): void;
}

export function createTaking(
  api: () => PeerApi | undefined,
  draft: () => Pick<Draft, "attachments" | "id">,
  insert: (file: DraftAttachment, at: number) => void,
): Taking {
  const [busy, setBusy] = createSignal(0);
  const [refused, setRefused] = createSignal<readonly Refused[]>([]);
  let turn = Promise.resolve();
  let visit = 0;
  const leave = () => {
    visit += 1;
    setRefused([]);
  };
  let over = false;
  onCleanup(() => {
    over = true;
    leave();
  });

  const files = (): readonly DraftAttachment[] => draft().attachments;
  const isListed = (hash: string): boolean => files().some((file) => file.hash === hash);

  async function takeOne(file: File, during: number): Promise<void> {
    const peer = api();
    const refuse = (why: Refused["why"]) => setRefused((before) => [...before, { name: file.name, why }]);
    if (!peer || during !== visit) return;
    if (files().length >= LIMITS.postMedia) {
      refuse("full");
      return;
    }
    try {
      const taken = await takenFile(peer, file);
      if (during !== visit) return;
      if (isListed(taken.hash)) refuse("twice");
      else insert(taken, files().length);
    } catch (error) {
      console.warn("file", codeOf(error));
      if (during === visit) refuse(refusalOf(error));
    }
  }

  return {
    busy,
    refused,
    take(given) {
      setRefused([]);
      setBusy((count) => count + given.length);
      const during = visit;
      for (const file of given) {
        turn = turn.then(() => takeOne(file, during)).finally(() => setBusy((count) => count - 1));
      }
    },
    putBack(file, at) {
      const { id } = draft();
      return () => {
        if (over || draft().id !== id || isListed(file.hash) || files().length >= LIMITS.postMedia) return;
        insert(file, at);
      };
    },
    leave,
  };
}
