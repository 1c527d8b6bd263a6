import { StoreError } from "../../../store/errors.ts";
import { equalBytes } from "../../../wire/index.ts";
import type { PeerCore } from "../../core.ts";
import type { Finding } from "../check.ts";
import { faultName } from "../fields.ts";

/** Record that is written and read back, and removed again. */
const PROBE = "check";
const PROBE_BYTES = 4_096;

/** Beyond this share of the quota a person should know: browsers refuse to write when it is used up. */
const SHORT = 0.8;

/** Writes and reads back, asks how much room there is, whether it is kept, and what was found damaged. */
export async function checkStorage(core: PeerCore): Promise<readonly Finding[]> {
  return [await written(core), ...(await room(core)), await sound(core)];
}

async function written({ ports, store }: PeerCore): Promise<Finding> {
  const probe = ports.randomBytes(PROBE_BYTES);
  try {
    await store.commit({ settings: { [PROBE]: probe } }, { durability: "strict" });
    const found = await store.setting(PROBE);
    await store.commit({ settings: { [PROBE]: undefined } });
    const same = found instanceof Uint8Array && equalBytes(found, probe);
    return same ? { state: "ok", code: "STORAGE_WORKS" } : { state: "broken", code: "STORAGE_ALTERED" };
  } catch (error) {
    const full = error instanceof StoreError && error.code === "STORE_QUOTA";
    return { state: "broken", code: full ? "STORAGE_FULL" : "STORAGE_FAILED", details: { error: faultName(error) } };
  }
}

async function room({ ports }: PeerCore): Promise<readonly Finding[]> {
  const { estimates } = ports;
  if (estimates === null) return [{ state: "ok", code: "SPACE_UNKNOWN" }];
  const [{ quota, usage }, persisted] = await Promise.all([estimates.estimate(), estimates.persisted()]);
  const kept: Finding = persisted
    ? { state: "ok", code: "STORAGE_KEPT" }
    : { state: "warning", code: "STORAGE_MAY_BE_EVICTED" };
  if (quota === undefined || usage === undefined) return [{ state: "ok", code: "SPACE_UNKNOWN" }, kept];
  const details = { used: usage, quota };
  const space: Finding =
    usage > quota * SHORT
      ? { state: "warning", code: "SPACE_SHORT", details }
      : { state: "ok", code: "SPACE_ENOUGH", details };
  return [space, kept];
}

async function sound({ store }: PeerCore): Promise<Finding> {
  const damaged = (await store.damaged()).filter(({ mended }) => !mended);
  if (damaged.length === 0) return { state: "ok", code: "RECORDS_SOUND" };
  const envelopes = damaged.reduce((sum, damage) => sum + damage.envelopes, 0);
  return { state: "warning", code: "RECORDS_DAMAGED", details: { records: damaged.length, envelopes } };
}
