import type { PeerLink } from "./link.ts";
import { CallError } from "./errors.ts";
import type { PeerOptions } from "./messages.ts";
import { startRun, type PeerRun, type RunPorts } from "./run.ts";
import type { PeerState } from "./state.ts";
import type { TabChannel } from "./tabs.ts";

/** Why a tab runs the peer no longer. */
export type Ending = "yielded" | "restarted" | "closed" | "frozen" | "robbed" | CallError;

export const LEAVE_REASONS = {
  yielded: new CallError("PEER_GONE", "the peer moves to another tab"),
  restarted: new CallError("PEER_GONE", "the peer was restarted"),
  frozen: new CallError("PEER_GONE", "the page of the peer was frozen"),
  robbed: new CallError("PEER_GONE", "another tab has taken the peer from one that showed no life"),
  closed: new CallError("PEER_CLOSED", "the page has closed its peer"),
};

export interface ReignPorts extends RunPorts {
  readonly tabs: Pick<TabChannel, "postMessage">;
}

export interface ReignEvents {
  readonly enter: (state: PeerState) => void;
  /** To be kept, and given to the next run in whichever tab. */
  readonly remember: (value: unknown) => void;
  readonly remembered: () => unknown;
}

/** The peer in this tab, for as long as the tab holds the lock: one run after the other until it has to leave. */
export class Reign {
  readonly #ports: ReignPorts;
  readonly #options: PeerOptions;
  readonly #link: PeerLink;
  readonly #events: ReignEvents;
  #run: PeerRun | null = null;
  /** Why the present run was told to stop. */
  #ending: Ending | null = null;
  /** Why there is to be no further run. */
  #over: Ending | null = null;

  constructor(ports: ReignPorts, options: PeerOptions, link: PeerLink, events: ReignEvents) {
    this.#ports = ports;
    this.#options = options;
    this.#link = link;
    this.#events = events;
  }

  /** Runs the peer until it ends; starts it anew when that is asked for. */
  async last(): Promise<Ending> {
    for (;;) {
      if (this.#over !== null) return this.#over;
      const ending = await this.#runOnce();
      if (ending !== "restarted") return ending;
    }
  }

  /** Serves another tab, which holds the Web Lock `page`. Between two runs the port is lost, and that tab tries again. */
  admit(port: MessagePort, page: string): void {
    this.#run?.admit(port, page);
  }

  /** Stops the peer cleanly. */
  async leave(ending: "yielded" | "restarted" | "closed"): Promise<void> {
    if (ending !== "restarted") this.#over ??= ending;
    const run = this.#run;
    if (run === null || (this.#ending !== null && ending !== "closed")) return;
    this.#ending = ending;
    const reason = LEAVE_REASONS[ending];
    if (ending === "closed") {
      this.#link.refuse(reason);
    } else {
      this.#link.expect();
      this.#events.enter({ kind: "starting" });
    }
    await run.stop(reason);
  }

  /** Ends the peer within this task, since it may be the page's last one for a while. */
  leaveAtOnce(ending: "frozen" | "robbed"): void {
    this.#over ??= ending;
    const run = this.#run;
    if (run === null) return;
    this.#ending = ending;
    this.#link.expect();
    this.#events.enter({ kind: "starting" });
    run.kill(LEAVE_REASONS[ending]);
  }

  async #runOnce(): Promise<Ending> {
    const { enter, remember, remembered } = this.#events;
    this.#ending = null;
    this.#link.expect();
    enter({ kind: "starting" });
    const restart = (): void => void this.leave("restarted").catch((error: unknown) => this.#ports.report(error));
    const run = startRun(this.#ports, { remember, restart }, this.#options, remembered());
    this.#run = run;
    this.#link.attach(run.connection);
    this.#ports.tabs.postMessage({ kind: "holder" });
    void run.connection.ready.then(() => {
      if (this.#run !== run || this.#ending !== null) return;
      enter({ kind: "running", here: true });
      this.#ports.tabs.postMessage({ kind: "ready" });
    });
    const reason = await run.ended;
    this.#run = null;
    return this.#ending ?? reason;
  }
}
