import * as v from "valibot";
import type { Store } from "../../store/port.ts";
import { PeerError } from "../errors.ts";
import type { DefencePolicy } from "./api.ts";

/** Also the name by which a backup carries it. */
export const DEFENCE_KEY = "defence";

export const DEFAULT_POLICY: DefencePolicy = { flagged: "mark", media: "sensitive" };

export const POLICY = v.partial(
  v.object({
    flagged: v.picklist(["mark", "cover", "hide"]),
    media: v.picklist(["show", "sensitive", "strangers"]),
  }),
);

/** What this version refuses falls back by itself. */
export async function loadPolicy(store: Store): Promise<DefencePolicy> {
  const stored = await store.setting(DEFENCE_KEY);
  const known = Object.entries(typeof stored === "object" && stored !== null ? stored : {}).flatMap(([name, value]) => {
    const result = v.safeParse(POLICY, { [name]: value });
    return result.success ? Object.entries(result.output) : [];
  });
  return { ...DEFAULT_POLICY, ...Object.fromEntries(known.filter(([, value]) => value !== undefined)) };
}

/** @throws PeerError `DEFENCE_INVALID` */
export function parsePolicy(given: unknown): Partial<DefencePolicy> {
  const result = v.safeParse(POLICY, given);
  if (!result.success) {
    const [issue] = result.issues;
    throw new PeerError("DEFENCE_INVALID", `${v.getDotPath(issue) ?? "policy"}: ${issue.message}`);
  }
  return Object.fromEntries(Object.entries(result.output).filter(([, value]) => value !== undefined));
}
