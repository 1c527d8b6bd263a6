/** Beginnings of files, as their formats have them, with nothing behind that could be played. */

const text = (value: string): number[] => Array.from(value, (character) => character.charCodeAt(0));
const file = (...begin: readonly number[]): Uint8Array => Uint8Array.from({ length: 64 }, (_, at) => begin[at] ?? 0);

export const OGG = file(...text("OggS"));
export const FLAC = file(...text("fLaC"));
export const MP3 = file(0xff, 0xfb, 0x90, 0x64);
export const ID3 = file(...text("ID3"), 4);
export const WAV = file(...text("RIFF"), 0, 0, 0, 0, ...text("WAVE"));
export const MP4 = file(0, 0, 0, 24, ...text("ftypisom"));
export const WEBM = file(0x1a, 0x45, 0xdf, 0xa3);
export const PDF = file(...text("%PDF-1.7"));
export const SVG = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
export const HTML = new TextEncoder().encode("<!doctype html><script>alert(1)</script>");
export const UTF_16 = file(0xff, 0xfe, 0x41, 0);
