/**
 * What every store must do, whatever it is made of. Each case gets a way to open fresh, empty stores and throws when
 * something does not hold; the runner (vitest, or a page in a browser) opens and destroys them.
 */
import type { Store } from "../../src/store/index.ts";
import { collectCases } from "./acceptance-collect.ts";
import { envelopeCases } from "./acceptance-envelopes.ts";
import { recordCases } from "./acceptance-records.ts";

export interface AcceptanceCase {
  readonly name: string;
  run(open: () => Promise<Store>): Promise<void>;
}

export const acceptance: readonly AcceptanceCase[] = [...envelopeCases, ...recordCases, ...collectCases];
