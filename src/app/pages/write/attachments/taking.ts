/** Files on their way into a draft, one after the other: each is listed once the peer has it. */
import { createSignal, onCleanup } from "solid-js";
import type { DraftAttachment, PeerApi } from "../../../../peer/api.ts";
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
  /** Another draft is being written: what is on its way belongs to none. */
  leave(): void;
}

export function createTaking(
  api: () => PeerApi | undefined,
  files: () => readonly DraftAttachment[],
  add: (file: DraftAttachment) => void,
): Taking {
  const [busy, setBusy] = createSignal(0);
  const [refused, setRefused] = createSignal<readonly Refused[]>([]);
  let turn = Promise.resolve();
  let visit = 0;
  const leave = () => {
    visit += 1;
    setRefused([]);
  };
  onCleanup(leave);

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
      if (files().some(({ hash }) => hash === taken.hash)) refuse("twice");
      else add(taken);
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
    leave,
  };
}
