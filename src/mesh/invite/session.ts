/**
 * What one side of a WebRTC connection has to know of the other: the session description without what every browser
 * writes the same way. Numbers instead of words, so that a signed code fits a QR code.
 */
import { type FrameItem, type FrameReader, malformed } from "../protocols/frame.ts";
import { readAddress, writeAddress } from "./address.ts";

export interface Candidate {
  readonly type: "host" | "srflx" | "relay";
  /** An IPv4 or IPv6 address, or the name under mDNS that a browser gives instead of one: `<uuid>.local`. */
  readonly address: string;
  readonly port: number;
  /** RFC 8445 section 5.1.2. */
  readonly priority: number;
}

export interface Session {
  readonly ufrag: string;
  readonly pwd: string;
  /** SHA-256 of the certificate of this end of DTLS: what the signature around the session vouches for. */
  readonly fingerprint: Uint8Array;
  /** Who begins DTLS; an offer leaves it open. */
  readonly setup: "actpass" | "active" | "passive";
  readonly mid: string;
  readonly sctpPort: number;
  /** 0: no limit. */
  readonly maxMessageSize: number;
  readonly candidates: readonly Candidate[];
}

export const SESSION_LIMITS = {
  /**
   * RFC 8839 section 5.4 allows 4 to 256 and 22 to 256 characters; Chromium writes 4 and 24, Firefox 8 and 32,
   * libdatachannel 4 and 22.
   */
  minUfrag: 4,
  maxUfrag: 32,
  minPwd: 22,
  maxPwd: 64,
  /** Browsers write one digit, JSEP (RFC 8829) suggests at most three characters. */
  maxMid: 8,
  /** A device with wired and wireless network, each with both kinds of address, and what STUN says about them. */
  maxCandidates: 8,
} as const;

const FINGERPRINT_BYTES = 32;
const MAX_PORT = 65_535;
const MAX_PRIORITY = 0xffff_ffff;
const MAX_MESSAGE_SIZE = 0xffff_ffff;
const SETUPS = ["actpass", "active", "passive"] as const;
const TYPES = ["host", "srflx", "relay"] as const;

/** `ice-char` of RFC 8839 section 5.1: nothing that could begin another line of a description. */
const ICE_TEXT = /^[A-Za-z0-9+/]+$/;
/** A part of `token` of RFC 4566, as all browsers write it. */
const MID = /^[A-Za-z0-9]+$/;

/** The session as an item of a frame. */
export function writeSession(session: Session): FrameItem {
  const { ufrag, pwd, fingerprint, setup, mid, sctpPort, maxMessageSize, candidates } = session;
  return [
    ufrag,
    pwd,
    fingerprint,
    SETUPS.indexOf(setup),
    mid,
    sctpPort,
    maxMessageSize,
    candidates.map(({ type, address, port, priority }) => [
      TYPES.indexOf(type),
      ...writeAddress(address),
      port,
      priority,
    ]),
  ];
}

/** @throws ProtocolError `MALFORMED` */
export function readSession(reader: FrameReader): Session {
  reader.array(8, 8);
  return {
    ufrag: iceText(reader, SESSION_LIMITS.minUfrag, SESSION_LIMITS.maxUfrag),
    pwd: iceText(reader, SESSION_LIMITS.minPwd, SESSION_LIMITS.maxPwd),
    // A copy, because sessions are kept and frames are not.
    fingerprint: Uint8Array.from(reader.bytes(FINGERPRINT_BYTES, FINGERPRINT_BYTES)),
    setup: oneOf(SETUPS, reader.uint(SETUPS.length - 1)),
    mid: matching(MID, reader.text(SESSION_LIMITS.maxMid)),
    sctpPort: reader.uint(MAX_PORT),
    maxMessageSize: reader.uint(MAX_MESSAGE_SIZE),
    candidates: Array.from({ length: reader.array(0, SESSION_LIMITS.maxCandidates) }, () => readCandidate(reader)),
  };
}

function readCandidate(reader: FrameReader): Candidate {
  reader.array(5, 5);
  return {
    type: oneOf(TYPES, reader.uint(TYPES.length - 1)),
    address: readAddress(reader),
    port: reader.uint(MAX_PORT),
    priority: reader.uint(MAX_PRIORITY),
  };
}

function iceText(reader: FrameReader, min: number, max: number): string {
  const text = matching(ICE_TEXT, reader.text(max));
  if (text.length < min) throw malformed(`${text.length} characters where at least ${min} belong`);
  return text;
}

function matching(pattern: RegExp, text: string): string {
  if (!pattern.test(text)) throw malformed("characters that do not belong into a session description");
  return text;
}

function oneOf<Word>(words: readonly Word[], at: number): Word {
  const word = words[at];
  if (word === undefined) throw malformed(`no word ${at}`);
  return word;
}
