/** Asks the browser to keep what is stored here: `persist` exists in windows only, so the peer's worker cannot ask. */

const ASKED_KEY = "mehr.persistence.asked";

/** What of `navigator.storage` is needed; browsers have it in secure contexts only. */
export type Persistence = Pick<StorageManager, "persist" | "persisted">;

/**
 * Asks once for each identity, for some browsers ask the person in turn; an installed app asks at each start, since
 * browsers grant it to those without a question.
 * @param identity NodeID of the key that would be lost
 */
export async function askToKeep(
  identity: string,
  persistence: Persistence | undefined,
  asked: Pick<Storage, "getItem" | "setItem">,
  installed: boolean,
): Promise<void> {
  if (persistence === undefined || (await persistence.persisted())) return;
  if (asked.getItem(ASKED_KEY) === identity && !installed) return;
  asked.setItem(ASKED_KEY, identity);
  await persistence.persist();
}
