import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { encode } from "cborg";
import {
  candidatesOf,
  codeFromText,
  codeHash,
  codeToText,
  decodeHalf,
  expiryAfter,
  InviteError,
  MAX_CODE_BYTES,
  sdpOf,
  sessionOf,
  signHalf,
  verifyHalf,
  type Answer,
  type Candidate,
  type Half,
  type Offer,
  type Session,
} from "../../src/mesh/invite/index.ts";
import { createSigner, type Signer } from "../../src/wire/index.ts";
import { SIM_START } from "../sim/clock.ts";

const SDP = readFileSync(new URL("fixtures/chromium-offer.sdp", import.meta.url), "utf8").replaceAll("\n", "\r\n");
/** As Chromium's `icecandidate` events give them, with a TCP one and one of a later generation's form. */
const LINES = [
  "candidate:3909543551 1 udp 2113937151 93664134-3269-46e7-b816-7634857786b7.local 58249 typ host generation 0 ufrag WXlz network-cost 999",
  "candidate:576726943 1 udp 2113942271 4c66aa08-1379-4018-a855-c5cfc4b854ef.local 43343 typ host generation 0 ufrag WXlz",
  "candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx raddr 0.0.0.0 rport 0 generation 0 ufrag WXlz",
  "candidate:842163050 1 udp 1677732095 2001:db8::7:1 46155 typ srflx raddr :: rport 0 generation 0 ufrag WXlz",
  "candidate:1 1 tcp 1518280447 192.168.1.2 9 typ host tcptype active generation 0",
  "candidate:nonsense",
];

let ada: Signer;
let ben: Signer;
let session: Session;
let offer: Offer;
let answer: Answer;

beforeAll(async () => {
  [ada, ben] = await Promise.all([createSigner(new Uint8Array(32).fill(1)), createSigner(new Uint8Array(32).fill(2))]);
  session = sessionOf(SDP, LINES);
  const expiresAt = expiryAfter(SIM_START, 600_000);
  offer = { kind: "offer", from: ada.publicKey, to: null, expiresAt, session };
  const hash = codeHash(await signed(offer, ada));
  answer = {
    kind: "answer",
    from: ben.publicKey,
    to: ada.publicKey,
    offer: hash,
    expiresAt,
    session: { ...session, setup: "active" },
  };
});

const signed = (half: Half, signer: Signer): Promise<Uint8Array> => signHalf(half, (message) => signer.sign(message));

describe("a session description", () => {
  test("keeps what the other side needs", () => {
    expect(session).toMatchObject({
      ufrag: "WXlz",
      pwd: "2+lvHQtu1lveteHzVK0K72Wp",
      setup: "actpass",
      mid: "0",
      sctpPort: 5_000,
      maxMessageSize: 262_144,
    });
    expect(Buffer.from(session.fingerprint).toString("hex")).toBe(
      "fb765943534c5eda3fcb06ca51643dd4f1a6d84c3c7eb6926ecacfe0c55b130f",
    );
    // The best first, those of TCP and what is no candidate left out.
    expect(session.candidates.map(({ type, address }) => `${type} ${address}`)).toEqual([
      "host 4c66aa08-1379-4018-a855-c5cfc4b854ef.local",
      "host 93664134-3269-46e7-b816-7634857786b7.local",
      "srflx 2001:db8::7:1",
      "srflx 203.0.113.7",
    ]);
  });

  test("is the same after it was rebuilt and read again", () => {
    const again = sessionOf(
      sdpOf(session),
      candidatesOf(session).map(({ candidate = "" }) => candidate),
    );
    expect(again).toEqual(session);
  });

  test("has room for eight candidates: the best of each kind", () => {
    const many = Array.from(
      { length: 12 },
      (_, at) => `candidate:1 1 udp ${1_000 + at} 10.0.0.${at} 4000 typ ${at % 2 === 0 ? "host" : "srflx"}`,
    );
    const kinds = sessionOf(SDP, many).candidates.map(({ type }) => type);
    expect(kinds.filter((type) => type === "host")).toHaveLength(4);
    expect(kinds.filter((type) => type === "srflx")).toHaveLength(2);
  });

  test.each([
    ["ice-ufrag", /a=ice-ufrag:.*\r\n/],
    ["ice-pwd", /a=ice-pwd:.*\r\n/],
    ["fingerprint", /a=fingerprint:.*\r\n/],
    ["setup", /a=setup:.*\r\n/],
    ["sctp-port", /a=sctp-port:.*\r\n/],
  ])("without %s is refused", (_, line) => {
    expect(() => sessionOf(SDP.replace(line, ""), [])).toThrow(InviteError);
  });
});

describe("a code", () => {
  test("says what was signed, and fits a QR code", async () => {
    for (const [half, signer] of [
      [offer, ada],
      [answer, ben],
    ] as const) {
      const bytes = await signed(half, signer);
      const text = codeToText(bytes);
      expect(text.length).toBeLessThan(600);
      expect(codeFromText(text)).toEqual(bytes);
      const read = decodeHalf(bytes);
      // IPv6 addresses are written in full.
      const full = (candidate: Candidate): Candidate => ({
        ...candidate,
        address: candidate.address.replace("2001:db8::7:1", "2001:0db8:0000:0000:0000:0000:0007:0001"),
      });
      expect(read).toEqual({
        ...half,
        session: { ...half.session, candidates: half.session.candidates.map(full) },
      });
      expect(await verifyHalf(read, bytes)).toBe(true);
      expect(await signed(read, signer)).toEqual(bytes);
    }
  });

  test("is found in a link, between white space, and nowhere else", async () => {
    const bytes = await signed(offer, ada);
    const text = codeToText(bytes);
    expect(codeFromText(`https://mehr.example/join#${text}`)).toEqual(bytes);
    expect(codeFromText(` ${text.slice(0, 60)}\r\n ${text.slice(60)}\n`)).toEqual(bytes);
    for (const other of ["", "hello", `${text}=`, `${text}!`, `${text}#`, text.slice(1, -3) + "é", null, 7, {}]) {
      expect(() => decodeHalf(codeFromText(other)), JSON.stringify(other)).toThrow(
        expect.objectContaining({ code: "INVITE_MALFORMED" }),
      );
    }
  });

  test("has one spelling", async () => {
    const text = codeToText(await signed(offer, ada));
    const last = text.at(-1) ?? "";
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const accepted = alphabet.split("").filter((letter) => {
      try {
        return codeToText(codeFromText(text.slice(0, -1) + letter)) !== text.slice(0, -1) + letter;
      } catch {
        return false;
      }
    });
    expect(accepted, `other spellings of the last character ${last}`).toEqual([]);
  });

  test("is not looked at when it is too long", () => {
    const long = codeToText(new Uint8Array(MAX_CODE_BYTES + 1));
    expect(() => codeFromText(long)).toThrow(/characters/);
    expect(() => codeFromText("A".repeat(1_000_000))).toThrow(/text of/);
    expect(() => decodeHalf(new Uint8Array(MAX_CODE_BYTES + 1))).toThrow(/bytes/);
    expect(() => decodeHalf(new Uint8Array(64))).toThrow(/bytes/);
  });

  test("that was changed anywhere is no code or has no valid signature", async () => {
    const bytes = await signed(offer, ada);
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.with(at, (bytes[at] ?? 0) ^ 1);
      let half: Half;
      try {
        half = decodeHalf(changed);
      } catch (error) {
        expect(error).toMatchObject({ code: "INVITE_MALFORMED" });
        continue;
      }
      expect(await verifyHalf(half, changed), `byte ${at}`).toBe(false);
    }
  });

  test("signed as an object of the protocol is none", async () => {
    const bytes = await signHalf(offer, (message) => ada.sign(message.subarray("mehr/1/invite\0".length)));
    expect(await verifyHalf(decodeHalf(bytes), bytes)).toBe(false);
  });

  test("holds the longest session that the limits allow", async () => {
    const longest: Session = {
      ufrag: "u".repeat(32),
      pwd: "p".repeat(64),
      fingerprint: new Uint8Array(32).fill(255),
      setup: "active",
      mid: "m".repeat(8),
      sctpPort: 65_535,
      maxMessageSize: 0xffff_ffff,
      candidates: Array.from({ length: 8 }, () => ({
        type: "srflx" as const,
        address: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        port: 65_535,
        priority: 0xffff_ffff,
      })),
    };
    const bytes = await signed({ ...answer, expiresAt: 0x3f_ffff_ffff * 1_000, session: longest }, ben);
    expect(bytes.length).toBeLessThanOrEqual(MAX_CODE_BYTES);
    expect(decodeHalf(bytes).session).toEqual(longest);
  });

  test.each<[string, (items: unknown[]) => unknown[]]>([
    ["another version", (items) => [2, ...items.slice(1)]],
    ["another kind", (items) => items.with(1, 3)],
    ["kind 0", (items) => items.with(1, 0)],
    ["an answer's kind", (items) => items.with(1, 2)],
    ["an item more", (items) => [...items, 1]],
    ["a short key", (items) => items.with(2, new Uint8Array(31))],
    ["a negative time", (items) => items.with(4, -1)],
    ["a fraction of a second", (items) => items.with(4, 1.5)],
    ["a time beyond all limits", (items) => items.with(4, 2 ** 50)],
    ["credentials that begin a new line", (items) => items.with(5, (items[5] as unknown[]).with(0, "a\r\nb="))],
    ["credentials that are too short", (items) => items.with(5, (items[5] as unknown[]).with(1, "short"))],
    ["a fingerprint of another length", (items) => items.with(5, (items[5] as unknown[]).with(2, new Uint8Array(20)))],
    ["a role that is decided", (items) => items.with(5, (items[5] as unknown[]).with(3, 1))],
    ["an unknown role", (items) => items.with(5, (items[5] as unknown[]).with(3, 9))],
    ["an empty mid", (items) => items.with(5, (items[5] as unknown[]).with(4, ""))],
    [
      "nine candidates",
      (items) =>
        items.with(
          5,
          (items[5] as unknown[]).with(
            7,
            Array.from({ length: 9 }, () => [0, 0, new Uint8Array(4), 1, 1]),
          ),
        ),
    ],
    [
      "a port beyond 65,535",
      (items) => items.with(5, (items[5] as unknown[]).with(7, [[0, 0, new Uint8Array(4), 65_536, 1]])),
    ],
    [
      "an IPv4 address of five bytes",
      (items) => items.with(5, (items[5] as unknown[]).with(7, [[0, 0, new Uint8Array(5), 1, 1]])),
    ],
    [
      "an unknown kind of address",
      (items) => items.with(5, (items[5] as unknown[]).with(7, [[0, 3, new Uint8Array(4), 1, 1]])),
    ],
    [
      "an unknown kind of candidate",
      (items) => items.with(5, (items[5] as unknown[]).with(7, [[3, 0, new Uint8Array(4), 1, 1]])),
    ],
  ])("with %s is malformed", (_, change) => {
    const items = [1, 1, offer.from, null, offer.expiresAt / 1_000, plainSession()];
    const whole = (body: unknown[]): Uint8Array => Uint8Array.from([...encode(body), ...new Uint8Array(64)]);
    expect(decodeHalf(whole(items)).kind).toBe("offer");
    expect(() => decodeHalf(whole(change(items)))).toThrow(expect.objectContaining({ code: "INVITE_MALFORMED" }));
  });
});

function plainSession(): unknown[] {
  return ["abcd", "p".repeat(24), new Uint8Array(32), 0, "0", 5_000, 262_144, [[0, 0, new Uint8Array(4), 9, 1]]];
}
