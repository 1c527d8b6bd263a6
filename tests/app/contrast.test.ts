import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("../../src/app/styles/tokens.css", import.meta.url), "utf8");

/** `--name: light-dark(#light, #dark)` of the style sheet. */
const tokens = new Map(
  [...css.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [
    name ?? "",
    { light: light ?? "", dark: dark ?? "" },
  ]),
);

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = channels.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function colour(name: string, theme: "light" | "dark"): string {
  const token = tokens.get(name);
  if (!token) throw new Error(`no token ${name}`);
  return token[theme];
}

describe.each(["light", "dark"] as const)("contrast in the %s theme", (theme) => {
  it.each(["ink", "soft", "faint", "accent", "danger"])("%s is readable on every ground", (text) => {
    for (const ground of ["paper", "surface", "tint"]) {
      expect(contrast(colour(text, theme), colour(ground, theme)), ground).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("words on the accent are readable", () => {
    expect(contrast(colour("on-sun", theme), colour("sun", theme))).toBeGreaterThanOrEqual(7);
  });

  it("edges of controls can be seen", () => {
    for (const ground of ["paper", "surface"]) {
      expect(contrast(colour("edge", theme), colour(ground, theme)), ground).toBeGreaterThanOrEqual(3);
    }
  });
});
