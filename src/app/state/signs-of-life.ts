/** Tells the peer that somebody is there, so that it does not lock by itself. */
import { type Accessor, createEffect, onCleanup } from "solid-js";
import type { PeerApi } from "../../peer/api.ts";
import { codeOf } from "./errors.ts";

/** Times are set in minutes: to the quarter of one is exact enough, and spares the peer a call at every key. */
const PACE = 15_000;
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "scroll"] as const;

export function createSignsOfLife(api: Accessor<PeerApi | undefined>, wanted: Accessor<boolean>): void {
  createEffect(() => {
    const peer = api();
    if (!wanted() || peer === undefined) return;
    let told = 0;
    const sign = (): void => {
      const now = Date.now();
      if (now - told < PACE) return;
      told = now;
      peer.stayOpen().catch((error: unknown) => console.debug("sign of life", codeOf(error)));
    };
    for (const type of SIGNS) window.addEventListener(type, sign, { capture: true, passive: true });
    onCleanup(() => {
      for (const type of SIGNS) window.removeEventListener(type, sign, { capture: true });
    });
  });
}
