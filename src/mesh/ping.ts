/** One round trip over one given connection; libp2p's own ping service chooses the connection itself. */
import type { Connection } from "@libp2p/interface";
import { MeshError } from "./errors.ts";
import type { Clock } from "./protocols/clock.ts";

/** The protocol of @libp2p/ping, which answers on the remote side. */
export const PING_PROTOCOL = "/ipfs/ping/1.0.0";
const PING_BYTES = 32;

/** Milliseconds until the echo is back. @throws MeshError `TIMEOUT`, or what the connection throws */
export async function measureRoundTrip(connection: Connection, clock: Clock, timeout: number): Promise<number> {
  const deadline = new AbortController();
  const cancel = clock.after(timeout, () => deadline.abort(new MeshError("TIMEOUT", "No echo.")));
  try {
    const stream = await connection.newStream(PING_PROTOCOL, { signal: deadline.signal });
    try {
      const sentAt = clock.now();
      const echo = new Promise<void>((resolve, reject) => {
        let received = 0;
        stream.addEventListener("message", (event) => {
          received += event.data.byteLength;
          if (received >= PING_BYTES) {
            resolve();
          }
        });
        stream.addEventListener("close", () => reject(new MeshError("STREAM_RESET", "The ping was cut off.")));
        deadline.signal.addEventListener("abort", () => reject(new MeshError("TIMEOUT", "No echo.")), { once: true });
      });
      // Nobody waits for it yet if nothing can be sent any more.
      echo.catch(() => undefined);
      stream.send(crypto.getRandomValues(new Uint8Array(PING_BYTES)));
      await echo;
      const roundTrip = clock.now() - sentAt;
      // The echo is what was wanted; whether the stream ends politely says nothing about the link.
      stream.close().catch((error: unknown) => stream.abort(error instanceof Error ? error : new Error(String(error))));
      return roundTrip;
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  } finally {
    cancel();
  }
}
