import { beforeEach, describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import type { FrameStream } from "../../src/mesh/port.ts";
import { SYNC_PROTOCOL } from "../../src/mesh/protocols/index.ts";
import { CellWriter } from "../../src/mesh/protocols/sync/cells.ts";
import { IdList } from "../../src/mesh/protocols/sync/ids.ts";
import {
  decodeAnswer,
  decodeQuestion,
  encodeAnswer,
  encodeQuestion,
  type SyncAnswer,
  type SyncQuestion,
} from "../../src/mesh/protocols/sync/messages.ts";
import { scopeFromKey } from "../../src/wire/index.ts";
import { COMMONS } from "../sim/author.ts";
import { VirtualClock } from "../sim/clock.ts";
import type { SimMesh } from "../sim/mesh.ts";
import { SimNetwork } from "../sim/network.ts";
import { SeededRandom } from "../sim/random.ts";
import { Side, unsigned } from "./sync-fixture.ts";

await initHash();

let clock: VirtualClock;
let network: SimNetwork;
const held = unsigned(600);
const random = new SeededRandom(8);

beforeEach(() => {
  clock = new VirtualClock();
  network = new SimNetwork({ clock, seed: 9, latency: [10, 10] });
});

function idsOf(count: number): IdList {
  return IdList.of(Array.from({ length: count }, () => [random.below(2 ** 32), random.below(2 ** 32)]));
}

describe("a client", () => {
  let client: Side;
  let hostile: SimMesh;
  let asked: SyncQuestion[];

  beforeEach(async () => {
    client = new Side(network, 2);
    await client.start();
    await client.store.commit({ envelopes: held });
    hostile = network.createMesh(new Uint8Array(32).fill(9));
    await hostile.start();
    asked = [];
  });

  /** A server that answers each question as the test says; with nothing where that says nothing. */
  function pretend(answer: (question: SyncQuestion, stream: FrameStream) => SyncAnswer | Uint8Array | null): void {
    hostile.handle(SYNC_PROTOCOL, async (stream) => {
      for (let frame = await stream.read(); frame !== null; frame = await stream.read()) {
        const question = decodeQuestion(frame);
        asked.push(question);
        const said = answer(question, stream);
        if (said === null) continue;
        await stream.write(said instanceof Uint8Array ? said : encodeAnswer(said));
      }
    });
    network.connect(client.mesh, hostile);
  }

  const welcome: SyncAnswer = { kind: "welcome", epoch: new Uint8Array(8).fill(4), lastSeq: 900, held: 900 };
  const windowOf = (number: number, ids: IdList, created = 1_700_000_000_000 - number): SyncAnswer => {
    const end = { created, hash: new Uint8Array(32).fill(1) };
    const sum = new CellWriter(ids).write(1).bytes();
    return { kind: "window", of: "start", number, count: ids.length, end, sum };
  };

  /** How the reconciliation ended, and after how long. */
  async function outcome(): Promise<{ code: string; after: number }> {
    const started = clock.now();
    try {
      const took = await client.run({ mesh: hostile } as Side);
      return { code: took === null ? "LEFT" : "DONE", after: clock.now() - started };
    } catch (error) {
      return { code: (error as { code: string }).code, after: clock.now() - started };
    }
  }

  it("goes by cursors where nobody answers, after five seconds", async () => {
    pretend(() => null);
    const { after, code } = await outcome();
    expect(code).toBe("LEFT");
    expect(after).toBeLessThan(5_200);
  });

  it("tries again where the stream breaks before it has begun, and leaves it to cursors after three times", async () => {
    hostile.handle(SYNC_PROTOCOL, async (stream) => stream.abort(new Error("The link is closed.")));
    network.connect(client.mesh, hostile);
    for (let attempt = 0; attempt < 3; attempt++) expect((await outcome()).code).toBe("STREAM_RESET");
    expect((await outcome()).code).toBe("LEFT");
    expect(client.failures).toEqual([]);
  });

  it("parts from a server that answers nothing more, after twenty seconds, and leaves it to cursors then", async () => {
    pretend((question) => (question.kind === "open" ? welcome : null));
    for (let attempt = 0; attempt < 3; attempt++) {
      const { after, code } = await outcome();
      expect(code).toBe("TIMEOUT");
      expect(after).toBeLessThan(20_500);
    }
    expect((await outcome()).code).toBe("LEFT");
  });

  it("parts from one that tells of what it does not have", async () => {
    let windows = 0;
    const lists: IdList[] = [];
    pretend((question) => {
      if (question.kind === "open") return welcome;
      if (question.kind === "next") return windowOf(windows++, (lists[windows] = idsOf(2_000)));
      if (question.kind === "ids") return { kind: "ids", bytes: lists[question.window + 1]!.bytes() };
      return { kind: "envelopes", last: true, items: [] };
    });
    const { after, code } = await outcome();
    expect(code).toBe("VIOLATION");
    expect(after).toBeLessThan(2_000);
    expect(asked.filter(({ kind }) => kind === "want").length).toBeLessThan(14);
  });

  it("parts from one that delivers again and again what is held", async () => {
    const ids = idsOf(2_000);
    pretend((question) => {
      if (question.kind === "open") return welcome;
      if (question.kind === "next")
        return question.done === 0 && asked.length === 2 ? windowOf(0, ids) : { kind: "end" };
      if (question.kind === "ids") return { kind: "ids", bytes: ids.bytes() };
      return { kind: "envelopes", last: true, items: [held[0]!.bytes] };
    });
    expect((await outcome()).code).toBe("BAD_HASH");
  });

  const lone = idsOf(1);
  const several = idsOf(40);
  it.each<[string, (question: SyncQuestion) => SyncAnswer | Uint8Array | null, string]>([
    ["garbage", () => Uint8Array.of(1, 2, 3), "MALFORMED"],
    ["another answer", (question) => (question.kind === "open" ? { kind: "end" } : null), "VIOLATION"],
    ["windows out of order", (question) => (question.kind === "open" ? welcome : windowOf(1, several)), "VIOLATION"],
    [
      "windows that do not get older",
      (question) => {
        if (question.kind === "open") return welcome;
        const { length } = asked.filter(({ kind }) => kind === "next");
        return question.kind === "next" ? windowOf(length - 1, lone, 5) : null;
      },
      "VIOLATION",
    ],
    [
      "ids that are not those of the window",
      (question) => {
        if (question.kind === "open") return welcome;
        return question.kind === "next" ? windowOf(0, several) : { kind: "ids", bytes: idsOf(40).bytes() };
      },
      "VIOLATION",
    ],
    [
      "another number of ids",
      (question) => {
        if (question.kind === "open") return welcome;
        return question.kind === "next" ? windowOf(0, several) : { kind: "ids", bytes: lone.bytes() };
      },
      "VIOLATION",
    ],
  ])("parts from a server that sends %s", async (_name, answer, code) => {
    pretend(answer);
    expect((await outcome()).code).toBe(code);
  });

  it("asks for the list where cells are noise, and for no more than that", async () => {
    const window = IdList.of(Array.from({ length: 1_000 }, (_, at) => [at * 1_000, at]));
    // As many as are held, so that few differences are expected.
    await client.store.commit({ envelopes: unsigned(400, (at) => ({ created: 1_768_000_000_000 + at })) });
    let cells = 0;
    pretend((question) => {
      switch (question.kind) {
        case "open":
          return welcome;
        case "next":
          return asked.filter(({ kind }) => kind === "next").length === 1 ? windowOf(0, window, 1) : { kind: "end" };
        case "cells":
          cells += question.count;
          return { kind: "cells", bytes: random.bytes(question.count * 12) };
        case "ids":
          return { kind: "ids", bytes: window.bytes() };
        default:
          return { kind: "envelopes", last: true, items: [] };
      }
    });
    await outcome();
    expect(cells).toBeGreaterThan(0);
    expect(cells).toBeLessThan(1_000 * (8 / 12));
    expect(asked.some(({ kind }) => kind === "ids")).toBe(true);
  });
});

describe("a server", () => {
  let server: Side;
  let hostile: SimMesh;

  beforeEach(async () => {
    server = new Side(network, 1);
    hostile = network.createMesh(new Uint8Array(32).fill(9));
    await hostile.start();
    await server.store.commit({ envelopes: held });
  });

  const open: SyncQuestion = {
    kind: "open",
    salt: new Uint8Array(8),
    before: null,
    targets: [{ kind: "scope", scope: scopeFromKey(COMMONS), match: "exact" }],
  };

  /** Sends these and reads what comes until the stream ends or nothing comes any more; also virtual ms until then. */
  async function send(
    frames: readonly (SyncQuestion | Uint8Array)[],
  ): Promise<{ answers: SyncAnswer[]; after: number }> {
    network.connect(server.mesh, hostile);
    const answers: SyncAnswer[] = [];
    let last = clock.now();
    const started = last;
    const opening = hostile.openStream(server.mesh.self, SYNC_PROTOCOL);
    await clock.advance(100);
    const stream = await opening;
    const reading = (async () => {
      for (let frame = await stream.read(); frame !== null; frame = await stream.read()) {
        answers.push(decodeAnswer(frame));
        last = clock.now();
      }
    })().catch(() => undefined);
    for (const frame of frames) {
      void stream.write(frame instanceof Uint8Array ? frame : encodeQuestion(frame)).catch(() => undefined);
    }
    await clock.advance(29_000);
    await stream.close().catch(() => undefined);
    await clock.advance(1_000);
    await reading;
    return { answers, after: last - started };
  }

  it.each<[string, (SyncQuestion | Uint8Array)[], string]>([
    ["garbage", [Uint8Array.of(1, 2, 3)], "MALFORMED"],
    ["a question before the first", [{ kind: "next", done: 0 }], "VIOLATION"],
    ["two openings", [open, open], "VIOLATION"],
    ["a question about no window", [open, { kind: "ids", window: 0 }], "VIOLATION"],
    ["windows finished that were never opened", [open, { kind: "next", done: 7 }], "VIOLATION"],
    ["no cells", [open, { kind: "next", done: 0 }, { kind: "cells", window: 0, count: 0 }], "VIOLATION"],
    [
      "more cells than envelopes",
      [open, { kind: "next", done: 0 }, { kind: "cells", window: 0, count: 300 }],
      "VIOLATION",
    ],
    [
      "a want beyond the window",
      [open, { kind: "next", done: 0 }, { kind: "want", window: 0, first: 255, bits: Uint8Array.of(2) }],
      "VIOLATION",
    ],
  ])("parts from a client that sends %s", async (_name, frames, code) => {
    await server.start();
    await send(frames);
    expect(server.mesh.reports.map((report) => report.code)).toEqual([code]);
  });

  it("sees of what declares no scope neither a place nor a number", async () => {
    const author = new Uint8Array(32).fill(5);
    // The oldest of all and the last of the first window are for trusted people.
    const all = unsigned(300, (at) => (at === 0 || at === 44 ? { author, scopes: [] } : { author }));
    await server.store.commit({ envelopes: all });
    await server.start();
    const { answers } = await send([
      { ...open, targets: [{ kind: "node", key: author }] },
      { kind: "next", done: 0 },
      { kind: "next", done: 1 },
      { kind: "next", done: 2 },
    ]);
    expect(answers).toMatchObject([
      { kind: "welcome", held: 298 },
      { kind: "window", count: 256, end: { created: all[43]!.envelope.created } },
      { kind: "window", count: 42, end: { created: all[1]!.envelope.created } },
      { kind: "end" },
    ]);
  });

  it("keeps only so many windows", async () => {
    await server.start();
    await server.store.commit({ envelopes: unsigned(9_000, (at) => ({ created: 1_600_000_000_000 + at })) });
    const next: SyncQuestion = { kind: "next", done: 0 };
    const { answers } = await send([open, next, next, next, next]);
    expect(answers.map(({ kind }) => kind)).toEqual(["welcome", "window", "window", "window", "window"]);
    expect(server.mesh.reports).toEqual([]);
    await send([open, next, next, next, next, next]);
    expect(server.mesh.reports.map((report) => report.code)).toEqual(["VIOLATION"]);
  });

  it("looks through its store for one peer no more often than the budget says", async () => {
    await server.start({ limits: { rows: { perSecond: 100, burst: 600 } } });
    const { after, answers } = await send([
      open,
      { kind: "next", done: 0 },
      { kind: "next", done: 1 },
      { kind: "next", done: 2 },
      { kind: "next", done: 2 },
    ]);
    expect(answers.map(({ kind }) => kind)).toEqual(["welcome", "window", "window", "end", "end"]);
    // 256 + 512 rows are 168 more than are there, and the third look, of 1,024, has to wait until those are there again.
    expect(after).toBeGreaterThan(11_000);
  });

  it("serves only so many at a time", async () => {
    await server.start({ limits: { streams: 0 } });
    expect((await send([open])).answers).toEqual([]);
  });
});
