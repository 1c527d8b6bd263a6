/** What is read of a stored record of notices: one that this code wrote, and nothing else whoever wrote it. */
import { describe, expect, it } from "vitest";
import { parseNoticePatch, parseNoticeSettings, parseReading, parseRecord } from "../../src/peer/notices/record.ts";
import { NoticeBook } from "../../src/social/notices/index.ts";

const hex = (digit: string): string => digit.repeat(64);

function written() {
  const book = new NoticeBook(() => false);
  const event = { hash: hex("2"), actor: hex("3"), subject: hex("4"), thread: hex("5"), created: 1, at: 2 };
  book.add({ ...event, kind: "reply", id: hex("1") }, { read: false, quiet: true });
  book.add({ ...event, kind: "curated", id: hex("6"), subject: "curated-1" }, { read: true, quiet: true });
  return { ...book.state(), began: 1, epoch: "00", upTo: 7, feeds: { "curated-1": 5 } };
}

describe("the record of notices", () => {
  it("is read as it was written", () => {
    expect(parseRecord(structuredClone(written()))).toEqual(written());
  });

  it("counts as none where it is damaged or made up", () => {
    const [line] = written().lines;
    const item = { ...line?.items[0] };
    for (const part of [
      { seq: Number.MAX_SAFE_INTEGER },
      { told: -1 },
      { known: ["short"] },
      { known: Array.from({ length: 10_000 }, () => "0".repeat(16)) },
      { feeds: { a: "b" } },
      { feeds: { a: Number.POSITIVE_INFINITY } },
      { lines: [{ ...line, items: [{ ...item, subject: "no envelope" }] }] },
      { lines: [{ ...line, items: [] }] },
      { lines: [{ ...line, kind: "likes" }] },
      { lines: [{ ...line, items: [{ ...item, actor: "nobody" }] }] },
      { lines: [{ ...line, items: [{ ...item, at: 1e300 }] }] },
      { lines: Array.from({ length: 2_000 }, () => line) },
    ]) {
      expect(parseRecord({ ...written(), ...part })).toBeNull();
    }
    for (const other of [undefined, null, 7, "", [], {}]) expect(parseRecord(other)).toBeNull();
  });
});

describe("the settings of notices", () => {
  it("fall back to nothing off and nothing quiet, and take no others than there are", () => {
    expect(parseNoticeSettings({ off: ["likes"], quiet: null, showPrivate: true })).toEqual({
      off: [],
      quiet: null,
      showPrivate: false,
    });
    expect(parseNoticePatch({ quiet: { from: 1_320, to: 420 } })).toEqual({ quiet: { from: 1_320, to: 420 } });
    expect(parseNoticePatch({ off: undefined })).toEqual({});
    for (const patch of [{ quiet: { from: 1_440, to: 0 } }, { quiet: {} }, { loud: true }, { off: "boost" }, null]) {
      expect(parseNoticePatch(patch)).toBeNull();
    }
  });

  it("know what says up to where was read", () => {
    expect(parseReading({ until: Number.MAX_SAFE_INTEGER, ids: ["r:1"] })).toEqual({
      until: Number.MAX_SAFE_INTEGER,
      ids: ["r:1"],
    });
    for (const given of [{}, { until: -1 }, { until: 0.5 }, { until: 1, ids: [1] }, { until: 1, id: "x" }, null]) {
      expect(parseReading(given)).toBeNull();
    }
  });
});
