/** A backup of what a store holds, without a passphrase. */
import { writeBackup } from "../../src/peer/backup/index.ts";
import { OwnIdentity } from "../../src/peer/identity.ts";
import type { Store } from "../../src/store/index.ts";
import { cheapStretch } from "../sim/town.ts";

/** @param maxFile bytes beyond which it is refused; the product's own bound when left out */
export async function clearBackup(store: Store, maxFile?: number): Promise<Blob> {
  const identity = await OwnIdentity.open(store, { now: () => 0, randomBytes: (length) => new Uint8Array(length) });
  const bound = maxFile === undefined ? {} : { maxFile };
  return writeBackup({
    store,
    identity,
    stretch: cheapStretch,
    passphrase: undefined,
    now: 0,
    signal: undefined,
    ...bound,
  });
}
