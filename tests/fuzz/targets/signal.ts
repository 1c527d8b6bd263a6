/** The three sides of /mehr/signal/1, for sessions with a neighbour that says anything. */
import type { Endpoints, Session } from "../../../src/mesh/invite/index.ts";
import { encodeSignal, Signalling, type SignalMessage } from "../../../src/mesh/protocols/signal/index.ts";
import { MeshError } from "../../../src/mesh/errors.ts";
import type { FrameStream } from "../../../src/mesh/port.ts";
import type { VirtualClock } from "../../sim/clock.ts";
import type { SeededRandom } from "../../sim/random.ts";
import { ScriptedStream } from "../scripted-stream.ts";
import { codes, halves } from "./invites.ts";

const [SELF, FRIEND] = [new Uint8Array(32).fill(2), new Uint8Array(32).fill(6)];
const [session] = halves.map((half) => half.session) as [Session];

export const signalMessages: readonly SignalMessage[] = [
  { kind: "ask", to: FRIEND },
  { kind: "knock", from: new Uint8Array(32).fill(1) },
  ...codes.map((code) => ({ kind: "offer", code }) as const),
  { kind: "ready" },
  ...codes.map((code) => ({ kind: "answer", code }) as const),
  { kind: "refused", code: "BUSY" },
];

/** Counts what is held; nobody ever connects. */
function endpoints(open: { count: number }): Endpoints {
  const end = () => {
    open.count += 1;
    let closed = false;
    return {
      session,
      close: () => {
        if (!closed) open.count -= 1;
        closed = true;
      },
    };
  };
  const never = (signal: AbortSignal): Promise<never> =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error));
    });
  return {
    offer: async () => ({ ...end(), connect: (_peer, _answer, signal) => never(signal) }),
    answer: async () => ({ ...end(), connect: (_peer, signal) => never(signal) }),
  };
}

/** One end of the protocol, until its stream has ended. @throws when it holds on to a connection afterwards */
export async function signalSession(
  stream: ScriptedStream,
  clock: VirtualClock,
  random: SeededRandom,
  side: "serves" | "calls",
): Promise<void> {
  const open = { count: 0 };
  const beyond = signalMessages.filter(({ kind }) => kind === "ready" || kind === "answer").map(encodeSignal);
  const signalling = new Signalling({
    mesh: {
      self: SELF,
      peers: () => [side === "calls" ? stream.peer : FRIEND],
      openStream: async (): Promise<FrameStream> => (side === "calls" ? stream : new ScriptedStream(FRIEND, beyond)),
      report: () => undefined,
    },
    clock,
    random: () => random.next(),
    log: () => undefined,
    endpoints: endpoints(open),
    sign: async () => new Uint8Array(64),
    // Signatures are no matter here: what follows them is.
    verify: async () => true,
    willing: () => true,
    admits: () => true,
    goesFirst: () => false,
    onSignalled: () => undefined,
  });
  try {
    if (side === "serves") await signalling.serve(stream);
    else await signalling.dial(FRIEND, new AbortController().signal);
  } finally {
    signalling.stop();
    // What was being waited for ends in the turn that follows.
    await clock.track(new Promise((resolve) => setImmediate(resolve)));
  }
  if (open.count !== 0) throw new Error(`${open.count} connections are held`);
  if (side === "calls") throw new MeshError("UNREACHABLE", "Nobody ever connects.");
}
