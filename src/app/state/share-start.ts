/** Looks once for shares that wait. Hardly any start finds one, so what becomes of them is loaded after the first screen. */
import { createEffect, onCleanup } from "solid-js";
import { useConnection } from "./connection.tsx";
import { codeOf } from "./errors.ts";
import { useSession } from "./session.tsx";

/** The first screen comes before, in ms after the peer has said who this is. A share waits as well as a draft does. */
const AFTER_START = 1_500;

/** Makes drafts of the shares that no composer has opened: the page was closed before it could. Once, when the peer is there. */
export function createShareIntake(): void {
  const { api, lock } = useConnection();
  const { identity, settings } = useSession();
  // The composer takes up this one by itself.
  const except = new URLSearchParams(location.search).get("shared");
  let done = false;
  createEffect(() => {
    const peer = api();
    const home = settings()?.home;
    // Without the last two it is not known whose mirrored drafts are one's own.
    if (done || !peer || home === undefined || identity() === undefined || lock() === undefined) return;
    const timer = setTimeout(() => {
      done = true;
      import("./shares.ts")
        .then(({ takeUp }) => takeUp(peer, home, except))
        .catch((error: unknown) => console.warn("shares", codeOf(error)));
    }, AFTER_START);
    onCleanup(() => clearTimeout(timer));
  });
}
