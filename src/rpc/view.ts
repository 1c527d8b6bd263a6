import { NoDeskError, type TabBroker } from "./broker.ts";
import { connectPeer, type PeerConnection } from "./connect.ts";
import { CallError } from "./errors.ts";
import type { LockPort } from "./locks.ts";
import type { PageLife, TabChannel, TabMessage } from "./tabs.ts";

export interface ViewPorts {
  readonly locks: LockPort;
  readonly broker: TabBroker;
  readonly tabs: Pick<TabChannel, "postMessage">;
  readonly life: PageLife;
  /** Milliseconds since 1970: it goes on while the machine sleeps. */
  now(): number;
  after(ms: number, task: () => void): () => void;
  readonly report: (error: unknown) => void;
}

export interface ViewEvents {
  readonly remember: (value: unknown) => void;
  /** Calls can be made; they wait until the peer is ready. */
  readonly connected: (connection: PeerConnection) => void;
  /** The peer has started. */
  readonly ready: () => void;
  /** The connection is gone; another is being tried. */
  readonly lost: () => void;
  /** No port gets to the tab that has the peer, though it lives. */
  readonly impossible: () => void;
  /** The tab that has the peer shows no life: it is frozen or hangs, and will not let go by itself. */
  readonly silent: () => void;
  /** Whether somebody waits for an answer. */
  readonly busy: () => boolean;
}

/** Beats come at this pace while somebody looks or waits: half of the second in which a takeover is to be noticed. */
export const PULSE = 500;
/** Without an answer for so many beats the other page is asked whether at least it runs. */
const ASK_AFTER = 2;
/**
 * Without a sign of either for so many beats (3 s) its tab is taken for frozen or hung. A page that the browser freezes lets go
 * before (session.ts), so this is for what gives no notice; who is robbed for nothing loses nothing but its links.
 */
export const SILENT_AFTER = 6;
/** A peer that is merely busy has so many (15 s) as long as its page answers. The longest task known takes 0.2 s. */
export const HUNG_AFTER = 30;
/** For so many (10 s) a living page may be starting its peer; after that something keeps ports from it. */
const CUT_OFF_AFTER = 20;
/** A port that brought no life after so many is given up and another is tried: the desk or the worker has just gone. */
const ATTEMPT = 2;

/**
 * A page's view of a peer that runs in another tab: gets a port to its worker, notices when it ends, and tells when it
 * should be taken over because nobody else will.
 *
 * It counts its own beats and not time, so that neither sleep of the machine nor throttled timers of a hidden page look like
 * silence of the other side.
 */
export class View {
  readonly #ports: ViewPorts;
  readonly #events: ViewEvents;
  /** The Web Lock by which the worker knows that this page lives. */
  readonly #page: string;
  #connection: PeerConnection | null = null;
  #attached = false;
  #stopped = false;
  #cancelBeat: () => void = () => undefined;
  #lastBeat = 0;
  /** Whether the last beat was not answered yet. */
  #unanswered = false;
  /** Beats since the peer last answered. */
  #silence = 0;
  /** Beats since its page last answered. */
  #pageSilence = 0;
  /** Beats of the present attempt. */
  #tried = 0;
  #cutOff = false;

  constructor(ports: ViewPorts, events: ViewEvents, page: string) {
    this.#ports = ports;
    this.#events = events;
    this.#page = page;
    this.#lastBeat = ports.now();
    this.#attempt();
    this.#schedule();
  }

  /** Lets go of the peer; calls that were under way reject with `reason`. */
  stop(reason: CallError): void {
    this.#stopped = true;
    this.#cancelBeat();
    this.#connection?.end(reason);
  }

  hear(message: TabMessage): void {
    if (message.kind === "here") this.#pageSilence = 0;
    if (message.kind !== "holder") return;
    this.#hopeAgain();
    if (!this.#attached) this.#attempt();
  }

  /** A person looks again: does not wait for timers that were throttled. */
  look(): void {
    this.#lastBeat = this.#ports.now();
    this.#cancelBeat();
    this.#beat();
  }

  #attempt(): void {
    this.#connection?.end(new CallError("PEER_GONE", "another connection is tried"));
    this.#tried = 0;
    const { port1, port2 } = new MessageChannel();
    const connection = connectPeer(port1, { ...this.#ports, remember: this.#events.remember });
    this.#connection = connection;
    const current = (): boolean => this.#connection === connection && connection.reason === null && !this.#stopped;
    void connection.alive.then(() => {
      if (!current()) return;
      this.#attached = true;
      this.#cutOff = false;
      this.#hopeAgain();
      this.#events.connected(connection);
    });
    void connection.ready.then(() => {
      if (current()) this.#events.ready();
    });
    void connection.ended.then(() => {
      if (this.#connection !== connection || this.#stopped || !this.#attached) return;
      this.#attached = false;
      this.#hopeAgain();
      this.#events.lost();
      // The tab may have started its peer anew, and have said so before this page noticed the end of the last.
      this.#attempt();
    });
    this.#ports.broker.offer({ page: this.#page, port: port2 }).catch((error: unknown) => {
      // A desk that was slow or forgot is asked again with the next attempt.
      if (error instanceof NoDeskError && current() && !this.#attached) this.#isolate();
    });
  }

  #hopeAgain(): void {
    this.#silence = 0;
    this.#pageSilence = 0;
    this.#unanswered = false;
  }

  #isolate(): void {
    if (this.#cutOff) return;
    this.#cutOff = true;
    this.#events.impossible();
  }

  #schedule(): void {
    this.#cancelBeat = this.#ports.after(PULSE, () => this.#beat());
  }

  #beat(): void {
    this.#schedule();
    const now = this.#ports.now();
    const late = now - this.#lastBeat > 3 * PULSE;
    this.#lastBeat = now;
    // This page slept, or nobody minds.
    if (late || !(this.#ports.life.visible() || this.#events.busy())) this.#hopeAgain();
    if (this.#attached) this.#beatPeer();
    else this.#tryAgain();
    if (this.#stopped) return;
    if (this.#silence >= ASK_AFTER) {
      this.#pageSilence++;
      this.#ports.tabs.postMessage({ kind: "there?" });
    }
    const pageRuns = this.#pageSilence < SILENT_AFTER - ASK_AFTER;
    if (!pageRuns || (this.#attached && this.#silence >= HUNG_AFTER)) {
      this.#hopeAgain();
      this.#events.silent();
    } else if (!this.#attached && this.#silence >= CUT_OFF_AFTER) {
      this.#isolate();
    }
  }

  #beatPeer(): void {
    if (this.#unanswered) {
      this.#silence++;
      return;
    }
    const connection = this.#connection;
    if (connection === null) return;
    this.#silence = 0;
    this.#pageSilence = 0;
    this.#unanswered = true;
    connection.beat().then(
      () => {
        if (this.#connection === connection) this.#unanswered = false;
      },
      // Its end is told by `ended`.
      () => undefined,
    );
  }

  #tryAgain(): void {
    this.#silence++;
    this.#tried++;
    if (this.#tried >= ATTEMPT && !this.#cutOff) this.#attempt();
  }
}
