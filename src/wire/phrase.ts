/**
 * The 24 words of an identity, and the Ed25519 seed that follows from them. Not in the index of this room: the list of words is
 * some 8 kB of script, and a peer that has its seed needs them for a backup or on another device alone, so they are imported by
 * name when they are asked for.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { entropyToMnemonic, mnemonicToEntropy, mnemonicToSeedSync, validateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { WireError } from "./errors.ts";

const KEY_BYTES = 32;
/** 256 bits of entropy are 24 words (BIP-39). */
const ENTROPY_BYTES = 32;
const WORDS = 24;

const ascii = new TextEncoder();
/** Apart from the info below, so that keys of a later protocol version never coincide with these. */
const DERIVATION_SALT = ascii.encode("mehr/1");
/** Keys for other purposes derive from the same phrase with other infos. */
const IDENTITY_INFO = ascii.encode("identity/ed25519");

/** The 24 BIP-39 words (English list) of 32 bytes of entropy. @throws WireError `PHRASE_INVALID` for another length */
export function phraseFromEntropy(entropy: Uint8Array): string[] {
  if (entropy.length !== ENTROPY_BYTES)
    throw new WireError("PHRASE_INVALID", null, `entropy of ${entropy.length} bytes`);
  return entropyToMnemonic(entropy, wordlist).split(" ");
}

/** The inverse of {@link phraseFromEntropy}; case and spacing do not matter. @throws WireError `PHRASE_INVALID` */
export function entropyFromPhrase(text: string): Uint8Array {
  const words = text.normalize("NFKD").trim().toLowerCase().split(/\s+/);
  if (words.length !== WORDS) throw new WireError("PHRASE_INVALID", null, `${words.length} words`);
  const phrase = words.join(" ");
  // Asked first, because the library's errors would carry the words into a log.
  if (!validateMnemonic(phrase, wordlist))
    throw new WireError("PHRASE_INVALID", null, "unknown word or wrong checksum");
  return mnemonicToEntropy(phrase, wordlist);
}

/**
 * The 32-byte Ed25519 seed of the identity: HKDF-SHA-256 over the BIP-39 seed (empty passphrase), salt `mehr/1`,
 * info `identity/ed25519`. Takes some 20 to 100 ms: BIP-39 asks for 2,048 rounds of PBKDF2.
 * @param entropy 32 bytes, as {@link entropyFromPhrase} returns them
 * @throws WireError `PHRASE_INVALID` for another length
 */
export function identitySeed(entropy: Uint8Array): Uint8Array {
  const seed = mnemonicToSeedSync(phraseFromEntropy(entropy).join(" "));
  return hkdf(sha256, seed, DERIVATION_SALT, IDENTITY_INFO, KEY_BYTES);
}
