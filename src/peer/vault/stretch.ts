import * as v from "valibot";
import { PeerError } from "../errors.ts";

/** What a guess at a passphrase costs: KiB of memory, passes over it, lanes. */
export interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
}

/**
 * RFC 9106 section 4, the second recommended option, in one lane since scripts have one thread: three times the memory that
 * OWASP asks for at least (19 MiB). 1.1 s on a desktop of two cores (measured); each guess costs an attacker the same memory.
 */
export const COST: Cost = { memory: 65_536, passes: 3, lanes: 1 };

/** Argon2id of version 0x13, 32 bytes long, off the peer's thread. Rejects with the signal's reason. */
export type Stretch = (
  passphrase: Uint8Array,
  salt: Uint8Array,
  cost: Cost,
  signal?: AbortSignal,
) => Promise<Uint8Array>;

/**
 * Costs come from files, too: what would take a phone's memory or a minute is refused before it is tried, what would make
 * guessing cheap was not written here.
 */
const Costs = v.pipe(
  v.strictObject({
    memory: v.pipe(v.number(), v.integer(), v.minValue(19_456), v.maxValue(262_144)),
    passes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8)),
    lanes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4)),
  }),
  // OWASP's pairs of equal worth: a single pass asks for 46 MiB, 19 MiB for two.
  v.check(({ memory, passes }) => passes > 1 || memory >= 47_104),
);

/** `null` for anything that is no cost, or none that this peer pays. */
export function costOf(value: unknown): Cost | null {
  const result = v.safeParse(Costs, value);
  return result.success ? result.output : null;
}

/** NIST SP 800-63B section 5.1.1.2 asks for eight characters at least and for no rules beside. */
const MIN_LENGTH = 8;
/** Far beyond any passphrase; hashing starts with all of it. */
const MAX_LENGTH = 1_024;

/**
 * A passphrase to be set.
 * @throws PeerError `PASSPHRASE_INVALID`
 */
export function checkedPassphrase(passphrase: unknown): string {
  if (typeof passphrase !== "string" || passphrase.length < MIN_LENGTH || passphrase.length > MAX_LENGTH) {
    throw new PeerError("PASSPHRASE_INVALID", `A passphrase has ${MIN_LENGTH} to ${MAX_LENGTH} characters.`);
  }
  return passphrase;
}

/** NFC, as RFC 8265 section 4.2 has it: keyboards compose letters in different ways. */
export function stretched(
  stretch: Stretch,
  passphrase: string,
  salt: Uint8Array,
  cost: Cost,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const normal = passphrase.slice(0, MAX_LENGTH).normalize("NFC");
  return stretch(new TextEncoder().encode(normal), salt, cost, signal);
}
