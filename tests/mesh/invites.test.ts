import { beforeEach, describe, expect, test } from "vitest";
import {
  codeFromText,
  codeHash,
  codeToText,
  decodeHalf,
  signHalf,
  type Answer,
  type Offer,
} from "../../src/mesh/invite/index.ts";
import { createSigner, equalBytes, type Signer } from "../../src/wire/index.ts";
import { VirtualClock } from "../sim/clock.ts";
import type { SimMesh } from "../sim/mesh.ts";
import { SimNetwork } from "../sim/network.ts";

const MINUTE = 60_000;

interface Person {
  readonly mesh: SimMesh;
  readonly signer: Signer;
}

let clock: VirtualClock;
let network: SimNetwork;
let ada: Person;
let ben: Person;
let cleo: Person;

beforeEach(async () => {
  clock = new VirtualClock();
  network = new SimNetwork({ clock, seed: 5 });
  [ada, ben, cleo] = await Promise.all([1, 2, 3].map(person) as [Promise<Person>, Promise<Person>, Promise<Person>]);
});

async function person(number: number): Promise<Person> {
  const signer = await createSigner(new Uint8Array(32).fill(number));
  const mesh = network.createMesh(signer.publicKey, (message) => clock.track(signer.sign(message)));
  await mesh.start();
  return { mesh, signer };
}

/** What a call gives, while virtual time goes on. */
async function soon<Value>(call: Promise<Value>, limit?: number): Promise<Value> {
  let settled = false;
  const result = call.finally(() => (settled = true));
  result.catch(() => undefined);
  await clock.until(() => settled, limit);
  return await result;
}

const invite = async (from: Person): Promise<string> => (await soon(from.mesh.createInvite())).code;
const reply = async (by: Person, code: string): Promise<string> => (await soon(by.mesh.answerInvite(code))).code;
const use = (by: Person, code: string): Promise<{ peer: Uint8Array }> => soon(by.mesh.acceptAnswer(code));
const resign = async (half: Offer | Answer, signer: Signer): Promise<string> =>
  codeToText(await signHalf(half, (message) => signer.sign(message)));

async function refused(call: Promise<unknown>): Promise<string> {
  try {
    await soon(call);
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
  return "NOT_REFUSED";
}

describe("two people", () => {
  test("are linked once the second code is used", async () => {
    const made = await soon(ada.mesh.createInvite());
    expect(made.expiresAt - clock.now()).toBeGreaterThan(10 * MINUTE - 2_000);
    const answered = await soon(ben.mesh.answerInvite(`https://mehr.example/join#${made.code}`));
    expect(answered.peer).toEqual(ada.mesh.self);
    expect(answered.expiresAt).toBe(made.expiresAt);
    expect(ada.mesh.peers()).toEqual([]);
    await clock.advance(8 * MINUTE);
    expect(await use(ada, answered.code)).toEqual({ peer: ben.mesh.self });
    expect(ada.mesh.peers()).toEqual([ben.mesh.self]);
    expect(ben.mesh.peers()).toEqual([ada.mesh.self]);
    await clock.advance(10 * MINUTE);
    expect(network.endpoints.open).toBe(0);
  });

  test("learn who invites and who answers before anything is used", async () => {
    const code = await invite(ada);
    expect(await soon(ben.mesh.readInvite(code))).toMatchObject({ kind: "offer", peer: ada.mesh.self });
    const answer = await reply(ben, code);
    expect(await soon(ada.mesh.readInvite(answer))).toMatchObject({ kind: "answer", peer: ben.mesh.self });
    expect(await use(ada, answer)).toEqual({ peer: ben.mesh.self });
  });

  test("get the same answer again while it waits, also when asked twice at once", async () => {
    const code = await invite(ada);
    const [first, second] = await soon(Promise.all([ben.mesh.answerInvite(code), ben.mesh.answerInvite(code)]));
    expect(second).toEqual(first);
    expect(await reply(ben, code)).toBe(first?.code);
    expect(network.endpoints.open).toBe(2);
  });
});

describe("a code is refused", () => {
  test("that is none, or a part of one: INVITE_MALFORMED", async () => {
    const code = await invite(ada);
    for (const text of ["", "hello", code.slice(0, -8), `${code}AAAA`]) {
      expect(await refused(ben.mesh.answerInvite(text)), text).toBe("INVITE_MALFORMED");
      expect(await refused(ben.mesh.acceptAnswer(text)), text).toBe("INVITE_MALFORMED");
      expect(await refused(ben.mesh.readInvite(text)), text).toBe("INVITE_MALFORMED");
    }
  });

  test("that was changed on its way, or made in another's name: INVITE_SIGNATURE_INVALID", async () => {
    const code = await invite(ada);
    const bytes = codeFromText(code);
    // The fingerprint of somebody who wants to stand between the two.
    const offer = decodeHalf(bytes) as Offer;
    const at = Buffer.from(bytes).indexOf(Buffer.from(offer.session.fingerprint));
    const changed = codeToText(bytes.with(at, (bytes[at] ?? 0) ^ 1));
    expect(await refused(ben.mesh.answerInvite(changed))).toBe("INVITE_SIGNATURE_INVALID");
    expect(await refused(ben.mesh.answerInvite(await resign(offer, cleo.signer)))).toBe("INVITE_SIGNATURE_INVALID");

    const answer = decodeHalf(codeFromText(await reply(ben, code))) as Answer;
    expect(await refused(ada.mesh.acceptAnswer(await resign(answer, cleo.signer)))).toBe("INVITE_SIGNATURE_INVALID");
    expect(ada.mesh.peers()).toEqual([]);
  });

  test("whose time is over, here and at the other end: INVITE_EXPIRED", async () => {
    const [code, later] = [await invite(ada), await invite(ada)];
    const answer = await reply(ben, code);
    await clock.advance(10 * MINUTE);
    expect(await refused(ben.mesh.answerInvite(later))).toBe("INVITE_EXPIRED");
    expect(await refused(ben.mesh.readInvite(later))).toBe("INVITE_EXPIRED");
    expect(await refused(ada.mesh.acceptAnswer(answer))).toBe("INVITE_EXPIRED");
    // Unused connections are closed.
    expect(network.endpoints.open).toBe(0);
  });

  test("that was used, by the same person or another one: INVITE_USED", async () => {
    const code = await invite(ada);
    const [bens, cleos] = [await reply(ben, code), await reply(cleo, code)];
    await use(ada, bens);
    expect(await refused(ada.mesh.acceptAnswer(bens))).toBe("INVITE_USED");
    expect(await refused(ada.mesh.acceptAnswer(cleos))).toBe("INVITE_USED");
    expect(await refused(ada.mesh.readInvite(cleos))).toBe("INVITE_USED");
    await clock.settle();
    expect(await refused(ben.mesh.answerInvite(code))).toBe("INVITE_USED");
    expect(await refused(ben.mesh.readInvite(code))).toBe("INVITE_USED");
    expect(ada.mesh.peers()).toEqual([ben.mesh.self]);
  });

  test("that answers no offer of this run: INVITE_UNKNOWN", async () => {
    const code = await invite(ada);
    const answer = decodeHalf(codeFromText(await reply(ben, code))) as Answer;
    const other = codeHash(new Uint8Array(8));
    expect(await refused(ada.mesh.acceptAnswer(await resign({ ...answer, offer: other }, ben.signer)))).toBe(
      "INVITE_UNKNOWN",
    );
  });

  test("that is an own one: INVITE_OWN", async () => {
    const code = await invite(ada);
    expect(await refused(ada.mesh.answerInvite(code))).toBe("INVITE_OWN");
    expect(await refused(ada.mesh.readInvite(code))).toBe("INVITE_OWN");
    expect(await refused(ben.mesh.acceptAnswer(await reply(ben, code)))).toBe("INVITE_OWN");
  });

  test("that is meant for somebody else: INVITE_NOT_FOR_YOU", async () => {
    const code = await invite(ada);
    const answer = await reply(ben, code);
    expect(await refused(cleo.mesh.acceptAnswer(answer))).toBe("INVITE_NOT_FOR_YOU");
    expect(await refused(cleo.mesh.readInvite(answer))).toBe("INVITE_NOT_FOR_YOU");
    // An offer that travels between neighbours names whom it is for; it is no invite.
    const offer = decodeHalf(codeFromText(code)) as Offer;
    const addressed = await resign({ ...offer, to: ben.mesh.self }, ada.signer);
    expect(await refused(ben.mesh.answerInvite(addressed))).toBe("INVITE_NOT_FOR_YOU");
  });

  test("that is the other half: INVITE_WRONG_KIND", async () => {
    const code = await invite(ada);
    const answer = await reply(ben, code);
    expect(await refused(ada.mesh.answerInvite(answer))).toBe("INVITE_WRONG_KIND");
    expect(await refused(ben.mesh.acceptAnswer(await invite(cleo)))).toBe("INVITE_WRONG_KIND");
  });

  test("when there is no way between the two: INVITE_FAILED, and both ends let go", async () => {
    const answer = await reply(ben, await invite(ada));
    network.partition([[ada.mesh], [ben.mesh]]);
    expect(await refused(ada.mesh.acceptAnswer(answer))).toBe("INVITE_FAILED");
    expect(await refused(ada.mesh.acceptAnswer(answer))).toBe("INVITE_USED");
    await clock.advance(10 * MINUTE);
    expect(network.endpoints.open).toBe(0);
  });
});

describe("open invites", () => {
  test("are four at most: the oldest ends", async () => {
    const codes: string[] = [];
    for (let count = 0; count < 6; count++) codes.push(await invite(ada));
    expect(network.endpoints.open).toBe(4);
    const [first = "", second = ""] = codes;
    const answers = [await reply(ben, first), await reply(ben, codes.at(-1) ?? "")] as const;
    expect(await refused(ada.mesh.acceptAnswer(answers[0]))).toBe("INVITE_EXPIRED");
    expect(await use(ada, answers[1])).toEqual({ peer: ben.mesh.self });
    expect(equalBytes(codeFromText(first), codeFromText(second))).toBe(false);
  });

  test("that were answered are four at most, too", async () => {
    const codes: string[] = [];
    for (let count = 0; count < 3; count++) codes.push(await invite(ada), await invite(cleo));
    for (const code of codes) await reply(ben, code);
    expect(network.endpoints.open).toBe(6 + 4);
    expect(await refused(ben.mesh.answerInvite(codes[0] ?? ""))).toBe("INVITE_EXPIRED");
  });

  test("end with the mesh", async () => {
    await reply(ben, await invite(ada));
    expect(network.endpoints.open).toBe(2);
    await ada.mesh.stop();
    await ben.mesh.stop();
    expect(network.endpoints.open).toBe(0);
  });

  test("are not made by whoever gives up meanwhile", async () => {
    const controller = new AbortController();
    const call = ada.mesh.createInvite({ signal: controller.signal });
    controller.abort(new Error("given up"));
    await expect(soon(call)).rejects.toThrow("given up");
    await clock.advance(1_000);
    expect(network.endpoints.open).toBe(0);
  });
});
