/** What the system shows of notices: nothing while somebody looks, and a press leads into the app and nowhere else. */
import { describe, expect, it } from "vitest";
import { isClearNotices, isOpenPath, isShowNotices, Notifier, type SystemNotice } from "../../src/offline/index.ts";

const SCOPE = new URL("https://example.org/mehr/");
const NOTICE: SystemNotice = {
  tag: "mehr-r:1",
  title: "Ada answered you",
  body: "Until when?",
  path: "/p/1",
  language: "en",
  direction: "ltr",
};

interface Window {
  readonly url: string;
  readonly focused: boolean;
  readonly visibilityState: DocumentVisibilityState;
}

function system(windows: readonly Window[] = [], focus: () => Promise<unknown> = () => Promise.resolve()) {
  const shown = new Map<string, { title: string; options: NotificationOptions; close(): void }>();
  const told: unknown[] = [];
  const opened: string[] = [];
  const faults: unknown[] = [];
  const notifier = new Notifier({
    scope: SCOPE,
    registration: {
      async showNotification(title, options = {}) {
        const tag = options.tag ?? "";
        shown.set(tag, { title, options, close: () => shown.delete(tag) });
      },
      getNotifications: async () => [...shown.values()] as unknown as Notification[],
    },
    windows: async () =>
      windows.map((each) => ({
        ...each,
        focus,
        postMessage: (message: unknown) => void told.push([each.url, message]),
      })),
    openWindow: async (url) => void opened.push(url),
    report: (error) => void faults.push(error),
  });
  return { notifier, shown, told, opened, faults };
}

const AWAY: Window = { url: "away", focused: false, visibilityState: "visible" };
const HIDDEN: Window = { url: "hidden", focused: false, visibilityState: "hidden" };
const FRONT: Window = { url: "front", focused: true, visibilityState: "visible" };

describe("notices of the system", () => {
  it("are shown while nobody looks, one for each tag, and eight at most", async () => {
    const { notifier, shown } = system([AWAY, HIDDEN]);
    expect(await notifier.show([NOTICE, { ...NOTICE, body: "And when?" }])).toBe(true);
    expect([...shown.values()].map(({ options }) => options)).toMatchObject([
      { body: "And when?", tag: NOTICE.tag, lang: "en", data: { path: "/p/1" } },
    ]);
    expect(shown.get(NOTICE.tag)?.options.icon).toBe("https://example.org/mehr/icons/mehr-192.png");
    await notifier.show(Array.from({ length: 40 }, (_, at) => ({ ...NOTICE, tag: String(at) })));
    expect(shown.size).toBe(9);
    await notifier.clear();
    expect(shown.size).toBe(0);
  });

  it("are not shown while a window of the app is in front", async () => {
    const { notifier, shown } = system([HIDDEN, FRONT]);
    expect(await notifier.show([NOTICE])).toBe(false);
    expect(shown.size).toBe(0);
  });

  it("lead to their page in a window that is open, also where the browser does not give it the front", async () => {
    const { faults, notifier, opened, told } = system([HIDDEN, AWAY], () => Promise.reject(new Error("no press")));
    await notifier.pressed({ close: () => undefined, data: { path: "/p/1" } });
    expect(told).toEqual([["away", { kind: "mehr:open", path: "/p/1" }]]);
    expect(opened).toEqual([]);
    expect(faults).toHaveLength(1);
  });

  it("open a window where none is, within the app whatever they say", async () => {
    for (const [data, address] of [
      [{ path: "/p/1" }, "https://example.org/mehr/p/1"],
      [{ path: "https://evil.example/" }, "https://example.org/mehr/inbox"],
      [{ path: "//evil.example/" }, "https://example.org/mehr/inbox"],
      [{ path: "/../../else" }, "https://example.org/mehr/inbox"],
      [null, "https://example.org/mehr/inbox"],
    ] as const) {
      const { notifier, opened } = system();
      await notifier.pressed({ close: () => undefined, data });
      expect(opened).toEqual([address]);
    }
  });
});

describe("messages about them", () => {
  it("are told from others", () => {
    expect(isShowNotices({ kind: "mehr:show-notices", notices: [] })).toBe(true);
    for (const other of [null, "mehr:show-notices", { kind: "mehr:show-notices" }, { notices: [] }]) {
      expect(isShowNotices(other)).toBe(false);
    }
    expect(isClearNotices({ kind: "mehr:clear-notices" })).toBe(true);
    expect(isOpenPath({ kind: "mehr:open", path: "/p/1" })).toBe(true);
    expect(isOpenPath({ kind: "mehr:open", path: 1 })).toBe(false);
  });
});
