import { beforeEach, describe, expect, it } from "vitest";
import { SHARE_LIMITS, ShareBox, ShareTarget } from "../../src/offline/index.ts";
import { MemoryCaches } from "./memory-caches.ts";

const SCOPE = new URL("https://mehr.example/below/");

let caches: MemoryCaches;
let box: ShareBox;
let target: ShareTarget;

beforeEach(() => {
  caches = new MemoryCaches();
  box = new ShareBox({ scope: SCOPE, caches });
  target = new ShareTarget(box, SCOPE);
});

function form(fields: Readonly<Record<string, string>>, files: readonly File[] = []): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  for (const file of files) data.append("files", file);
  return data;
}

/** Where the browser is sent, as name and value of the query. */
async function post(body: BodyInit, path = "share"): Promise<[string, string]> {
  const response = await target.answer(
    new Request(new URL(path, SCOPE), { method: "POST", body, duplex: "half" } as RequestInit),
  );
  expect(response?.status).toBe(303);
  const to = new URL(response?.headers.get("location") ?? "");
  expect(to.href.startsWith(`${SCOPE.href}write?`)).toBe(true);
  const [entry] = to.searchParams;
  return entry ?? ["", ""];
}

describe("a share", () => {
  it("waits until it is taken out", async () => {
    const [name, id] = await post(
      form({ title: "Owls", text: "Two of them.\r\nIn the poplar.", url: "https://example.org/owls" }),
    );
    expect(name).toBe("shared");
    expect(await box.list()).toEqual([id]);
    const other = new ShareBox({ scope: SCOPE, caches });
    expect(await other.read(id)).toEqual({
      id,
      title: "Owls",
      text: "Two of them.\nIn the poplar.",
      url: "https://example.org/owls",
      files: [],
    });
    await box.remove(id);
    expect(await box.read(id)).toBeNull();
    expect(await box.list()).toEqual([]);
  });

  it("has the text of files that are text, whatever type they claim, and names the others", async () => {
    const files = [
      new File(["نان تازه"], "bread.txt", { type: "text/plain" }),
      new File(["# Notes"], "notes.md", { type: "application/octet-stream" }),
      new File([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0])], "owl.png", { type: "image/png" }),
      new File([new Uint8Array([0xff, 0xfe, 0x41])], "latin.txt", { type: "text/plain" }),
    ];
    const [, id] = await post(form({}, files));
    expect((await box.read(id))?.files.map(({ name, text }) => [name, text])).toEqual([
      ["bread.txt", "نان تازه"],
      ["notes.md", "# Notes"],
      ["owl.png", null],
      ["latin.txt", null],
    ]);
  });

  it("is refused with a reason when it cannot be kept", async () => {
    expect(await post(form({ title: " " }))).toEqual(["refused", "empty"]);
    expect(await post(form({ text: "x".repeat(SHARE_LIMITS.characters + 1) }))).toEqual(["refused", "too-large"]);
    expect(await post(new Blob(["not a form"]))).toEqual(["refused", "unreadable"]);
    expect(
      await post(
        form(
          {},
          Array.from({ length: 33 }, () => new File(["a"], "a.txt")),
        ),
      ),
    ).toEqual(["refused", "too-large"]);
    caches.room = 10;
    expect(await post(form({ text: "Some words." }))).toEqual(["refused", "no-room"]);
    expect(await box.list()).toEqual([]);
  });

  it("is not read further than the limit", async () => {
    let given = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        given += 1_048_576;
        controller.enqueue(new Uint8Array(1_048_576));
      },
    });
    expect(await post(endless)).toEqual(["refused", "too-large"]);
    expect(given).toBeLessThan(SHARE_LIMITS.requestBytes + 4 * 1_048_576);
  });

  it("waits with a bounded number of others, and none of them is dropped for it", async () => {
    const ids: string[] = [];
    for (let count = 0; count < SHARE_LIMITS.waiting; count += 1) ids.push((await post(form({ text: `${count}` })))[1]);
    expect(await post(form({ text: "one more" }))).toEqual(["refused", "full"]);
    expect(await box.list()).toEqual(ids);
  });

  it("is nothing but a POST to its address", () => {
    expect(target.answer(new Request(new URL("share", SCOPE)))).toBeNull();
    expect(target.answer(new Request(new URL("write", SCOPE), { method: "POST" }))).toBeNull();
    expect(target.answer(new Request("https://mehr.example/share", { method: "POST" }))).toBeNull();
  });
});
