/**
 * What the peer worker begins with: loads the code of the peer, and hands on what the page says. Chromium compiles what a worker
 * begins with anew at each start, and what that imports statically, but keeps the compiled code of what it imports like this
 * (version 156): a third of the processor time that the worker takes until the first card of an offline start.
 */
import type { ToPeerWorker } from "../src/rpc/messages.ts";

const code = import("./peer-code.ts");
// Told below, to a page that has said something and listens.
code.catch(() => undefined);

// Each message waits for the same code, and so they stay in order.
self.addEventListener("message", ({ data }: MessageEvent<ToPeerWorker>) => {
  code.then(
    ({ receive }) => receive(data),
    // For the page this is a script that does not load (src/rpc/run.ts).
    (error: unknown) => reportError(error),
  );
});
