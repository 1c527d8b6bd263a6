import { expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import { Reaching } from "../../src/peer/reach/index.ts";
import { signEnvelope, signerOf } from "../sim/author.ts";
import { VirtualClock } from "../sim/clock.ts";
import { lastingStore } from "../sim/town.ts";

await initHash();

it("answers for evidence with what is held, as if there were nothing for trusted people only", async () => {
  const store = lastingStore(1);
  const reaching = await Reaching.open({ store, clock: new VirtualClock(), log: () => undefined });
  const { evidence } = reaching.notes();
  const author = await signerOf(1);
  const open = await signEnvelope(author, { summary: "For everybody" });
  const secret = await signEnvelope(author, { summary: "Between us", scopes: [] });
  await store.commit({ envelopes: [open, secret] });
  expect(await evidence([open.hash], author.publicKey)).toEqual([open.bytes]);
  // Then whoever named it is asked for it, like for anything that is not here; nobody can be, without a network.
  expect(await evidence([secret.hash], author.publicKey)).toBeNull();
  await reaching.stop();
});
