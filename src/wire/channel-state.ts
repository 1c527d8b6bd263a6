/**
 * The payment channel's state in the 200-byte layout of the Mehr specification, big-endian:
 *
 * | bytes | |
 * | --- | --- |
 * | 0-16 | channel id |
 * | 16-32, 32-48 | party A, party B |
 * | 48-56, 56-64 | balance of A, of B (u64, uMHR) |
 * | 64-72 | sequence (u64, below 2^53) |
 * | 72-136, 136-200 | signature of A, of B (64 zero bytes while due) |
 *
 * Two full keys would leave no room for the rest, so parties stand as the first 16 bytes of the BLAKE3 of their keys;
 * both ends of a channel know each other's keys, and anyone else is told them. As a DataObject the layout is the
 * one byte string of the array `[7, layout]`.
 */
import { blake3 } from "../hash/index.ts";
import { compareBytes, concatBytes, equalBytes } from "./bytes.ts";
import { WireError } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import type { Schema } from "./schema.ts";
import type { ChannelState, NodeKey } from "./types.ts";

const ID_BYTES = 16;
const SIGNED_BYTES = 72;
const SIGNATURE_BYTES = 64;
/** Array of two, the type number, and the head of a byte string of 200. */
const HEAD_BYTES = 4;
const CHANNEL_DOMAIN = new TextEncoder().encode("mehr/1/channel\0");

/** How a channel names a party: the first 16 bytes of the BLAKE3 of its key. */
export function channelParty(key: NodeKey): Uint8Array {
  return blake3(key).slice(0, ID_BYTES);
}

/** The id of the one channel between two peers; the order of the keys does not matter. */
export function channelIdOf(one: NodeKey, other: NodeKey): Uint8Array {
  const parties = [channelParty(one), channelParty(other)].sort(compareBytes);
  return blake3(concatBytes(CHANNEL_DOMAIN, ...parties)).slice(0, ID_BYTES);
}

function idAt(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.slice(at, at + ID_BYTES);
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function signatureAt(bytes: Uint8Array, at: number): Uint8Array | null {
  const value = bytes.slice(at, at + SIGNATURE_BYTES);
  return isZero(value) ? null : value;
}

function decodeLayout(bytes: Uint8Array): ChannelState {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sequence = view.getBigUint64(64);
  if (sequence > BigInt(Number.MAX_SAFE_INTEGER)) throw new WireError("NUMBER_RANGE", "sequence", "not below 2^53");
  return {
    type: "ChannelState",
    channelId: idAt(bytes, 0),
    partyA: idAt(bytes, 16),
    partyB: idAt(bytes, 32),
    balanceA: view.getBigUint64(48),
    balanceB: view.getBigUint64(56),
    sequence: Number(sequence),
    signatureA: signatureAt(bytes, SIGNED_BYTES),
    signatureB: signatureAt(bytes, SIGNED_BYTES + SIGNATURE_BYTES),
  };
}

function place(layout: Uint8Array, at: number, value: Uint8Array, length: number, field: string): void {
  if (value.length !== length) throw new WireError("FIELD_LENGTH", field, `${value.length} bytes`);
  layout.set(value, at);
}

function placeAmount(view: DataView, at: number, value: bigint, field: string): void {
  if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw new WireError("NUMBER_RANGE", field, "not within 64 bits");
  view.setBigUint64(at, value);
}

function placeSignature(layout: Uint8Array, at: number, value: Uint8Array | null, field: string): void {
  if (value === null) return;
  // Zeros say that a signature is due; as a signature they are worth nothing (R would be a point of small order).
  if (isZero(value)) throw new WireError("SIGNATURE_MISSING", field, "all zeros");
  place(layout, at, value, SIGNATURE_BYTES, field);
}

function encodeLayout(state: ChannelState): Uint8Array {
  const layout = new Uint8Array(LIMITS.channelLayoutBytes);
  const view = new DataView(layout.buffer);
  place(layout, 0, state.channelId, ID_BYTES, "channelId");
  place(layout, 16, state.partyA, ID_BYTES, "partyA");
  place(layout, 32, state.partyB, ID_BYTES, "partyB");
  placeAmount(view, 48, state.balanceA, "balanceA");
  placeAmount(view, 56, state.balanceB, "balanceB");
  if (!Number.isSafeInteger(state.sequence) || state.sequence < 0) {
    throw new WireError("NUMBER_RANGE", "sequence", "not an integer from 0 to below 2^53");
  }
  view.setBigUint64(64, BigInt(state.sequence));
  placeSignature(layout, SIGNED_BYTES, state.signatureA, "signatureA");
  placeSignature(layout, SIGNED_BYTES + SIGNATURE_BYTES, state.signatureB, "signatureB");
  return layout;
}

function keyOf(party: Uint8Array, parties: readonly NodeKey[], field: string): NodeKey {
  const key = parties.find((candidate) => equalBytes(channelParty(candidate), party));
  if (key === undefined) throw new WireError("PARTIES_UNKNOWN", field, "no key given for this party");
  return key;
}

export const channelState: Schema<ChannelState> = {
  name: "ChannelState",
  maxBytes: HEAD_BYTES + LIMITS.channelLayoutBytes,
  elements: 2,
  read: (from) => decodeLayout(from.bytes("layout", LIMITS.channelLayoutBytes, LIMITS.channelLayoutBytes)),
  write(to, state) {
    to.bytes("layout", encodeLayout(state), LIMITS.channelLayoutBytes, LIMITS.channelLayoutBytes);
  },
  check(state) {
    const order = compareBytes(state.partyA, state.partyB);
    if (order === 0) throw new WireError("PARTIES_SAME", "partyB", "the same as partyA");
    if (order > 0) throw new WireError("PARTIES_ORDER", "partyB", "lower than partyA");
    if (state.signatureA === null && state.signatureB === null) {
      throw new WireError("SIGNATURE_MISSING", "signatures", "nobody has signed");
    }
  },
  signedPart: (bytes) => bytes.slice(HEAD_BYTES, HEAD_BYTES + SIGNED_BYTES),
  slots: (state, parties) => [
    { key: keyOf(state.partyA, parties, "partyA"), signature: state.signatureA },
    { key: keyOf(state.partyB, parties, "partyB"), signature: state.signatureB },
  ],
  withSignature(unsigned, key, value) {
    const state = unsigned as ChannelState;
    const party = channelParty(key);
    if (equalBytes(party, state.partyA)) return { ...state, signatureA: value };
    if (equalBytes(party, state.partyB)) return { ...state, signatureB: value };
    throw new WireError("SIGNER_MISMATCH", "signatures", "not a party's key");
  },
};
