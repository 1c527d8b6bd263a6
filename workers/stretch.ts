/** The stretching worker: makes the key of one passphrase, then is ended. `stretchInWorker` calls it. */
import { argon2 } from "../src/peer/vault/argon2.ts";
import type { StretchAnswer, StretchRequest } from "../src/peer/vault/stretch-worker.ts";

const answer = (data: StretchAnswer): void => self.postMessage(data);

self.addEventListener("message", ({ data }: MessageEvent<StretchRequest>) => {
  try {
    answer(argon2(data.passphrase, data.salt, data.cost));
  } catch (error) {
    console.warn("stretch", error);
    answer(null);
  }
});
