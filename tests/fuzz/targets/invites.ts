/** Codes of invites, as bytes and as people paste them. */
import {
  codeFromText,
  codeHash,
  codeToText,
  decodeHalf,
  InviteError,
  signHalf,
  type Half,
  type Session,
} from "../../../src/mesh/invite/index.ts";
import { concatBytes } from "../../../src/wire/index.ts";
import { SIM_START } from "../../sim/clock.ts";
import { asBytes, asText, damagedCbor, damagedText, decoded, sameBytes, type Target } from "../target.ts";

const SIGNATURE = new Uint8Array(64).fill(9);
const unsigned = async (): Promise<Uint8Array> => SIGNATURE;

const session: Session = {
  ufrag: "WXlz",
  pwd: "2+lvHQtu1lveteHzVK0K72Wp",
  fingerprint: new Uint8Array(32).fill(4),
  setup: "actpass",
  mid: "0",
  sctpPort: 5_000,
  maxMessageSize: 262_144,
  candidates: [
    { type: "host", address: "93664134-3269-46e7-b816-7634857786b7.local", port: 58_249, priority: 2_113_937_151 },
    { type: "srflx", address: "203.0.113.7", port: 46_154, priority: 1_677_729_535 },
    { type: "relay", address: "2001:0db8:0000:0000:0000:0000:0007:0001", port: 1, priority: 0 },
  ],
};
const ends = { from: new Uint8Array(32).fill(1), to: new Uint8Array(32).fill(2), expiresAt: SIM_START };

export const halves: readonly Half[] = [
  { kind: "offer", ...ends, to: null, session },
  { kind: "offer", ...ends, session: { ...session, candidates: [] } },
  { kind: "answer", ...ends, offer: codeHash(SIGNATURE), session: { ...session, setup: "active" } },
];
export const codes = await Promise.all(halves.map((half) => signHalf(half, unsigned)));

const isMalformed = (error: unknown): boolean => error instanceof InviteError && error.code === "INVITE_MALFORMED";

const bytes: Target<Uint8Array> = {
  name: "mesh: codes of invites",
  covers: ["mesh/invite/codes.ts#decodeHalf"],
  share: 9_000,
  // The signature behind the array is any 64 bytes.
  input: (random) =>
    damagedCbor(
      codes.map((code) => code.subarray(0, -SIGNATURE.length)),
      random,
    ),
  async check(body) {
    const code = concatBytes(body, SIGNATURE);
    const half = decoded(() => decodeHalf(code), isMalformed);
    if (half === undefined) return false;
    sameBytes(await signHalf(half, unsigned), code);
    return true;
  },
  text: asBytes,
};

const texts: Target<string> = {
  name: "mesh: codes of invites as text",
  covers: ["mesh/invite/text.ts#codeFromText"],
  share: 4_000,
  input: (random) =>
    damagedText(
      codes.flatMap((code) => [codeToText(code), `https://mehr.example/join#${codeToText(code)}`]),
      random,
    ),
  check(text) {
    const read = decoded(() => codeFromText(text), isMalformed);
    if (read === undefined) return false;
    const code = text.slice(text.lastIndexOf("#") + 1).replaceAll(/\s/gu, "");
    if (codeToText(read) !== code) throw new Error(`accepted, but is written ${codeToText(read)}`);
    return true;
  },
  text: asText,
};

export const inviteTargets: readonly Target[] = [bytes, texts];
