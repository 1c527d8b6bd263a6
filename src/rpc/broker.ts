/** How a tab gets a port to the peer's worker in another tab. */
import type { DeskMessage, LeftPort } from "./desk.ts";

/**
 * Brings a port to the tab that runs the peer. Two implementations, by who keeps the {@link Desk}: a SharedWorker where there is
 * one (a connection to it takes 8 ms, measured), else the service worker (Chrome on Android has no SharedWorker), which must be
 * installed already but need not control the page.
 */
export interface TabBroker {
  /**
   * Resolves when the port lies ready for the tab that runs the peer and that tab has been told.
   * @throws NoDeskError where there is neither, SilentDeskError when the desk does not answer
   */
  offer(left: LeftPort): Promise<void>;
  /** `listener` gets the ports that other tabs offer. Returns what ends that. */
  receive(listener: (left: LeftPort) => void): () => void;
  close(): void;
}

/** Nothing in this browser carries ports between tabs. */
export class NoDeskError extends Error {
  override readonly name = "NoDeskError";
}

/** A browser that is busy, or a desk that was ended in the midst of it: whoever left the port leaves another. */
export class SilentDeskError extends Error {
  override readonly name = "SilentDeskError";
}

/** Sends a message to a desk. Rejects as soon as it is known that none will get it; need not resolve. */
export type DeskPost = (message: DeskMessage, transfer: Transferable[]) => Promise<void>;

/** Tabs tell each other over this that a port has been left. A `BroadcastChannel` is one. */
export interface TicketChannel {
  postMessage(ticket: string): void;
  addEventListener(type: "message", listener: (event: { readonly data: string }) => void): void;
  close(): void;
}

export interface BrokerPorts {
  readonly desk: DeskPost;
  readonly tickets: TicketChannel;
  readonly newTicket: () => string;
  after(ms: number, task: () => void): () => void;
  readonly report: (error: unknown) => void;
}

/** A service worker that has to be started first takes 100-200 ms; a desk that takes this long has forgotten. */
export const DESK_PATIENCE = 1_000;

export function createBroker(ports: BrokerPorts): TabBroker {
  const { desk, tickets } = ports;
  const listeners = new Set<(left: LeftPort) => void>();

  /** What the desk answers to a message. */
  async function ask(message: (reply: MessagePort) => DeskMessage, transfer: Transferable[]): Promise<unknown> {
    const { port1, port2 } = new MessageChannel();
    let cancel = (): void => undefined;
    try {
      const answer = new Promise<unknown>((resolve, reject) => {
        port1.addEventListener("message", ({ data }: MessageEvent<unknown>) => resolve(data), { once: true });
        cancel = ports.after(DESK_PATIENCE, () => reject(new SilentDeskError("the desk of the tabs does not answer")));
      });
      port1.start();
      return await Promise.race([answer, desk(message(port2), [...transfer, port2]).then(() => answer)]);
    } finally {
      cancel();
      port1.close();
    }
  }

  async function collect(ticket: string): Promise<void> {
    const left = (await ask((reply) => ({ kind: "collect-port", ticket, reply }), [])) as LeftPort | null;
    if (left === null) return;
    if (listeners.size === 0) left.port.close();
    for (const listener of listeners) listener(left);
  }

  tickets.addEventListener("message", ({ data }) => {
    if (listeners.size === 0) return;
    collect(data).catch((error: unknown) => {
      // Not a fault of anybody: the other tab hears nothing, and asks again.
      if (!(error instanceof SilentDeskError)) ports.report(error);
    });
  });

  return {
    async offer({ page, port }) {
      const ticket = ports.newTicket();
      await ask((reply) => ({ kind: "leave-port", ticket, page, port, reply }), [port]);
      tickets.postMessage(ticket);
    },
    receive(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      listeners.clear();
      tickets.close();
    },
  };
}

/** The desk of this browser. */
export function deskOfBrowser(): DeskPost {
  return typeof SharedWorker === "function" ? postToSharedWorker : postToServiceWorker;
}

/** A connection for each message: one that is kept would not tell that its worker died with the tab that it lived beside. */
const postToSharedWorker: DeskPost = (message, transfer) =>
  new Promise((_, reject) => {
    const shared = new SharedWorker(new URL("../../workers/tabs.ts", import.meta.url), {
      type: "module",
      name: "tabs",
    });
    shared.addEventListener("error", () => reject(new NoDeskError("the shared worker could not be loaded")));
    shared.port.postMessage(message, transfer);
  });

const postToServiceWorker: DeskPost = async (message, transfer) => {
  const registration = await navigator.serviceWorker?.getRegistration();
  const worker = registration?.active;
  if (!worker) throw new NoDeskError("there is neither a shared worker nor a service worker");
  worker.postMessage(message, transfer);
};
