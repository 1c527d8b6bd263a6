import { describe, expect, it } from "vitest";
import { diagnostics as english, type DiagnosticsWords } from "../../src/app/i18n/en/diagnostics.ts";
import { createFormats } from "../../src/app/i18n/formats.ts";
import { worstOf } from "../../src/app/pages/diagnostics/finding.ts";
import { logLine, reportJson, reportText, type Report } from "../../src/app/pages/diagnostics/report.ts";
import { type Speech, whatIs, whatToDo } from "../../src/app/pages/diagnostics/sentences.ts";
import { faultOf, noteFaults, untoldFaults } from "../../src/app/state/faults.ts";
import type { LogEntry, PageFault } from "../../src/peer/api.ts";
import { API_DOCUMENT } from "../rpc/api-examples.ts";

const SITE = "https://mehr.example/app/";

const speech: Speech = {
  t: (key, values = {}) => english[key].replace(/\{\{ (\w+) \}\}/g, (_, name: string) => String(values[name])),
  has: (key): key is keyof DiagnosticsWords => Object.hasOwn(english, key),
  formats: createFormats("en"),
  relay: (place) => `relay.example ${place}`,
};

describe("findings in words", () => {
  it("tell figures as people read them", () => {
    const short = { state: "warning", code: "SPACE_SHORT", details: { used: 9e8, quota: 1e9 } } as const;
    expect(whatIs(short, speech)).toBe("Room runs short: 900 MB of 1 GB are used.");
    const ready = { state: "ok", code: "RELAY_READY", details: { relay: 2, roundTrip: 12 } } as const;
    expect(whatIs(ready, speech)).toBe("relay.example 2 answers within 12 ms and can introduce others to you.");
    expect(whatIs({ ...ready, details: { relay: 1 } }, speech)).toMatch(/^relay.example 1 answers and can/);
    const clock = (skew: number) => whatIs({ state: "broken", code: "CLOCK_WRONG", details: { skew } }, speech);
    expect([61_000, -1_200_000, 86_400_000].map((skew) => /by (\d+ \w+)/.exec(clock(skew))?.[1])).toEqual([
      "61 seconds",
      "20 minutes",
      "24 hours",
    ]);
  });

  it("say what can be done, but not where nothing is wrong", () => {
    expect(whatToDo({ state: "broken", code: "STORAGE_FULL", details: {} }, speech)).toMatch(/Free space/);
    expect(whatToDo({ state: "ok", code: "SPACE_ENOUGH", details: {} }, speech)).toBeNull();
  });

  it("show a code that they have no words for as it is", () => {
    expect(whatIs({ state: "broken", code: "MOON_GONE", details: {} }, speech)).toBe("MOON_GONE");
  });

  it("have words for every code that the peer's check has, and advice for those that tell of something wrong", () => {
    const table = /\| step +\| tries[\s\S]*?\n\n/.exec(API_DOCUMENT)?.[0] ?? "";
    const codes = [...table.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, code]) => code!);
    expect(codes.length).toBeGreaterThan(15);
    expect(codes.filter((code) => !speech.has(code))).toEqual([]);
  });

  it("count as the worst of them", () => {
    expect(worstOf([])).toBe("ok");
    expect(worstOf([{ state: "ok" }, { state: "warning" }])).toBe("warning");
    expect(worstOf([{ state: "warning" }, { state: "broken" }, { state: "ok" }])).toBe("broken");
  });
});

describe("a report", () => {
  const entry: LogEntry = {
    seq: 4,
    time: Date.UTC(2026, 5, 15, 12),
    level: "warn",
    room: "mesh",
    event: "relay_changed",
    fields: { relay: 1, state: "waiting", code: "TIMEOUT" },
    times: 1,
    last: Date.UTC(2026, 5, 15, 12),
  };
  const report: Report = {
    madeAt: Date.UTC(2026, 5, 15, 13),
    build: "abc123",
    browser: "Browser/1",
    checkedAt: null,
    checks: [
      {
        step: "clock",
        done: true,
        took: 7,
        findings: [{ state: "broken", code: "CLOCK_WRONG", details: { skew: 9 } }],
      },
    ],
    log: [entry],
    faults: [{ kind: "error", class: "TypeError", code: null, at: ["assets/x.js:1:2"], time: entry.time }],
  };

  it("is lines of text", () => {
    expect(logLine(entry)).toBe("2026-06-15T12:00:00.000Z warn mesh relay_changed relay=1 state=waiting code=TIMEOUT");
    expect(logLine({ ...entry, times: 3 })).toContain(", 3 times until 2026-06-15T12:00:00.000Z");
    const text = reportText(report);
    expect(text).toContain("broken clock CLOCK_WRONG skew=9 (7 ms)");
    expect(text).toContain("TypeError");
    expect(text).toContain("assets/x.js:1:2");
  });

  it("is data", () => {
    expect(JSON.parse(reportJson(report))).toEqual({ format: "mehr-report-1", ...report });
  });
});

describe("faults of a page", () => {
  it("are told by class, code and place in the app's own scripts, without query and fragment", () => {
    const error = Object.assign(new TypeError("secret words"), { code: "STORE_QUOTA" });
    error.stack = [
      "TypeError: secret words",
      `    at run (${SITE}assets/index-a1.js?v=secret#secret:3:14)`,
      `    at ${SITE}assets/peer-b2.js:1:2345`,
      "    at https://elsewhere.example/secret.js:1:1",
    ].join("\n");
    const fault = faultOf("error", error, SITE);
    expect(fault).toEqual({
      kind: "error",
      class: "TypeError",
      code: "STORE_QUOTA",
      at: ["assets/index-a1.js:3:14", "assets/peer-b2.js:1:2345"],
    });
    expect(faultOf("rejection", "secret words", SITE)).toEqual({
      kind: "rejection",
      class: "Error",
      code: null,
      at: [],
    });
  });

  it("go to the peer, not more than thirty a minute, and are kept where there is none", async () => {
    const told: PageFault[] = [];
    const target = new EventTarget();
    const take = { noteFault: async (fault: PageFault) => void told.push(fault) };
    const throwIn = (): boolean =>
      target.dispatchEvent(Object.assign(new Event("error"), { error: new RangeError("x") }));
    const stop = noteFaults(take, SITE, target);
    const message = "ResizeObserver loop completed with undelivered notifications.";
    target.dispatchEvent(Object.assign(new Event("error"), { error: null, message }));
    expect(told).toEqual([]);
    for (let time = 0; time < 100; time++) throwIn();
    stop();
    throwIn();
    expect(told).toHaveLength(30);
    expect(untoldFaults()).toEqual([]);
    const away = { noteFault: () => Promise.reject(new Error("PEER_GONE")) };
    const stopAway = noteFaults(away, SITE, target);
    for (let time = 0; time < 25; time++) throwIn();
    stopAway();
    await Promise.resolve();
    expect(untoldFaults()).toHaveLength(20);
    expect(untoldFaults()[0]).toMatchObject({ class: "RangeError", kind: "error" });
  });
});
