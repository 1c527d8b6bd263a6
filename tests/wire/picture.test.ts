import { describe, expect, it } from "vitest";
import { isAvatar, MAX_AVATAR_BYTES, pictureHead } from "../../src/wire/index.ts";
import { jpeg, png, webp } from "./pictures.ts";

describe("the head of a picture", () => {
  it.each([
    ["PNG", png(640, 480), { type: "image/png", width: 640, height: 480 }],
    ["JPEG", jpeg(640, 480), { type: "image/jpeg", width: 640, height: 480 }],
    [
      "JPEG behind what a camera wrote",
      jpeg(4_000, 3_000, 60_000),
      { type: "image/jpeg", width: 4_000, height: 3_000 },
    ],
    ["WebP, lossy", webp("VP8 ", 640, 480), { type: "image/webp", width: 640, height: 480 }],
    ["WebP, lossless", webp("VP8L", 640, 480), { type: "image/webp", width: 640, height: 480 }],
    ["WebP, extended", webp("VP8X", 640, 480), { type: "image/webp", width: 640, height: 480 }],
  ])("of a %s", (_type, bytes, head) => {
    expect(pictureHead(bytes)).toEqual(head);
    // In the midst of other bytes it is read the same.
    const within = new Uint8Array(bytes.length + 7);
    within.set(bytes, 7);
    expect(pictureHead(within.subarray(7))).toEqual(head);
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["text", new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg'/>")],
    ["a GIF", new TextEncoder().encode("GIF89a\u0001\u0000\u0001\u0000 and more than thirty bytes of it")],
    ["no pixels at all", png(0, 480)],
    ["a PNG that moves", png(64, 64, { moves: true })],
    ["a WebP that moves", webp("VP8X", 64, 64, { moves: true })],
    ["a JPEG without a frame", jpeg(1, 1).subarray(0, 20)],
  ])("is none of %s", (_what, bytes) => {
    expect(pictureHead(bytes)).toBeNull();
  });

  it("is read of a beginning of any length, or not at all", () => {
    for (const bytes of [png(64, 64), jpeg(64, 64), webp("VP8X", 64, 64)]) {
      for (let length = 0; length < bytes.length; length++) {
        const head = pictureHead(bytes.subarray(0, length));
        if (head !== null) expect(head).toMatchObject({ width: 64, height: 64 });
      }
    }
  });
});

describe("a picture that may stand for a person", () => {
  it("is small in bytes and in pixels", () => {
    expect(isAvatar(png(1_024, 1_024))).toBe(true);
    expect(isAvatar(png(1_025, 64))).toBe(false);
    expect(isAvatar(png(64, 60_000))).toBe(false);
    const padded = new Uint8Array(MAX_AVATAR_BYTES + 1);
    padded.set(png(64, 64));
    expect(isAvatar(padded)).toBe(false);
    expect(isAvatar(padded.subarray(0, MAX_AVATAR_BYTES))).toBe(true);
    expect(isAvatar(png(64, 64), 20)).toBe(false);
  });
});
