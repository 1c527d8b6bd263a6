import { expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import { LIMITS } from "../../src/wire/index.ts";
import { signerOf } from "../sim/author.ts";
import { SIM_START } from "../sim/clock.ts";
import { PLAIN_POSTS, plainEnvelopeBytes } from "./plain-posts.ts";

await initHash();

it("a plain post with a place and a topic fits one radio frame, and takes some 300 to 500 bytes", async () => {
  const { publicKey } = await signerOf(1);
  const sizes = PLAIN_POSTS.map((post) => plainEnvelopeBytes(post, publicKey, SIM_START));
  for (const [at, size] of sizes.entries()) {
    expect(size, PLAIN_POSTS[at]?.text).toBeLessThanOrEqual(LIMITS.radioFrameBytes);
  }
  const middle = sizes.toSorted((a, b) => a - b)[sizes.length >> 1];
  expect(middle).toBeGreaterThanOrEqual(300);
  expect(middle).toBeLessThanOrEqual(500);
});
