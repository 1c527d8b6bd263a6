/**
 * The left-luggage desk of one origin: a tab leaves a port there, the tab that runs the peer collects it. BroadcastChannels
 * cannot carry ports; a SharedWorker (workers/tabs.ts) and a service worker (workers/service.ts) can. The desk knows nothing else,
 * so it may forget everything at any time: who leaves a port and is not answered leaves another.
 */

export type DeskMessage =
  /** Answered with `kept`. */
  | {
      readonly kind: "leave-port";
      readonly ticket: string;
      /** Of the tab that leaves it: the Web Lock that it holds. */
      readonly page: string;
      readonly port: MessagePort;
      readonly reply: MessagePort;
    }
  /** Answered with the {@link LeftPort}, `null` when there is none under this ticket (any more). */
  | { readonly kind: "collect-port"; readonly ticket: string; readonly reply: MessagePort };

export interface LeftPort {
  readonly page: string;
  readonly port: MessagePort;
}

/** Ports that nobody collects: the tab that ran the peer has just gone. More tabs than this do not wait at once. */
const MAX_LEFT = 64;

export class Desk {
  readonly #left = new Map<string, LeftPort>();

  /** Returns whether the message was for the desk. */
  receive(data: unknown): boolean {
    if (!isDeskMessage(data)) return false;
    if (data.kind === "leave-port") {
      const [oldest] = this.#left;
      if (oldest !== undefined && this.#left.size >= MAX_LEFT) {
        this.#left.delete(oldest[0]);
        oldest[1].port.close();
      }
      this.#left.set(data.ticket, { page: data.page, port: data.port });
      data.reply.postMessage("kept");
    } else {
      const left = this.#left.get(data.ticket) ?? null;
      this.#left.delete(data.ticket);
      data.reply.postMessage(left, left === null ? [] : [left.port]);
    }
    return true;
  }
}

function isDeskMessage(data: unknown): data is DeskMessage {
  if (typeof data !== "object" || data === null || !("kind" in data)) return false;
  return data.kind === "leave-port" || data.kind === "collect-port";
}
