import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentTypeOf, familyOf, MAX_PICTURE_PIXELS, showingOf } from "../../src/wire/index.ts";
import { FLAC, HTML, ID3, MP3, MP4, OGG, PDF, SVG, UTF_16, WAV, WEBM } from "./files.ts";
import { jpeg, png, webp } from "./pictures.ts";

describe("the type of a file", () => {
  it.each<[string, string, Uint8Array, string]>([
    ["a picture, whatever it is called", "text/html", png(3, 2), "image/png"],
    ["a WebP", "image/jpeg", webp("VP8 ", 30, 20), "image/webp"],
    ["sound in Ogg", "audio/ogg", OGG, "audio/ogg"],
    ["film in Ogg", "video/ogg", OGG, "video/ogg"],
    ["a FLAC", "", FLAC, "audio/flac"],
    ["an MP3 that begins with a frame", "", MP3, "audio/mpeg"],
    ["an MP3 that begins with its title", "application/octet-stream", ID3, "audio/mpeg"],
    ["a WAV", "audio/x-wav", WAV, "audio/wav"],
    ["an MP4 with sound alone", "audio/mp4", MP4, "audio/mp4"],
    ["an MP4 of which nothing is said", "", MP4, "video/mp4"],
    ["a WebM with codecs", 'AUDIO/WebM; codecs="opus"', WEBM, "audio/webm"],
    ["a PDF", "application/zip", PDF, "application/pdf"],
    ["something that is called a PDF", "application/pdf", HTML, "application/octet-stream"],
    ["an archive", "application/zip", HTML, "application/zip"],
    ["a page", "text/html", HTML, "application/octet-stream"],
    ["a drawing with scripts", "image/svg+xml", SVG, "application/octet-stream"],
    ["text that begins like sound", "text/plain", UTF_16, "application/octet-stream"],
    ["a type that is none", "application/", HTML, "application/octet-stream"],
    ["a type that is too long", `application/${"a".repeat(100)}`, HTML, "application/octet-stream"],
    ["nothing", "audio/ogg", new Uint8Array(0), "application/octet-stream"],
  ])("of %s", (_what, declared, bytes, expected) => {
    expect(contentTypeOf(declared, bytes)).toBe(expected);
  });

  it("keeps to itself: what it is taken for, it is taken for again", () => {
    const files = fc.constantFrom(OGG, FLAC, MP3, WAV, MP4, WEBM, PDF, SVG, HTML, png(1, 1));
    const types = fc.oneof(fc.string(), fc.constantFrom("audio/ogg", "video/mp4", "image/gif", "application/x-tar"));
    fc.assert(
      fc.property(types, files, (declared, bytes) => {
        const type = contentTypeOf(declared, bytes);
        expect(contentTypeOf(type, bytes)).toBe(type);
        expect(familyOf(type)).not.toBe("unknown");
      }),
      { seed: 8 },
    );
  });
});

describe("what may be shown", () => {
  it("is a picture of a known type, with its size", () => {
    expect(showingOf("image/png", jpeg(640, 400))).toEqual({
      family: "picture",
      type: "image/jpeg",
      width: 640,
      height: 400,
    });
  });

  it("is sound and film in a known container", () => {
    expect(showingOf("audio/ogg", OGG)).toMatchObject({ family: "audio", type: "audio/ogg" });
    expect(showingOf("video/webm", WEBM)).toMatchObject({ family: "video", type: "video/webm" });
  });

  it.each<[string, string, Uint8Array]>([
    ["a page that is called a picture", "image/png", HTML],
    ["a drawing", "image/svg+xml", SVG],
    ["a drawing that is called a PNG", "image/png", SVG],
    ["a page", "text/html", HTML],
    ["a document", "application/pdf", PDF],
    ["a picture that is called sound", "audio/ogg", png(2, 2)],
    ["sound that is called a picture", "image/png", OGG],
    ["a picture that moves", "image/png", png(64, 64, { moves: true })],
    ["a picture of too many pixels", "image/png", png(MAX_PICTURE_PIXELS / 2, 3)],
    ["a picture of a type that is not recognised", "image/gif", new TextEncoder().encode("GIF89a")],
  ])("is not %s", (_what, declared, bytes) => {
    expect(showingOf(declared, bytes)).toBeNull();
  });
});
