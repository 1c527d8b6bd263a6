/** Starts the hostile peer of tests/hostile as a process of its own. */
import { fork, type ChildProcess } from "node:child_process";
import path from "node:path";
import { build } from "vite";
import type { FromAttacker, ToAttacker } from "../hostile/messages.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** Inside the project, where what it imports is found. */
const BUILT = path.join(ROOT, "test-results/hostile");

/** Makes one script of its sources: Node does not read them as they are. */
export async function buildAttacker(): Promise<string> {
  await build({
    configFile: false,
    root: ROOT,
    logLevel: "warn",
    build: { ssr: path.join(ROOT, "tests/hostile/main.ts"), outDir: BUILT, emptyOutDir: true, target: "node20" },
  });
  return path.join(BUILT, "main.js");
}

/** A hostile peer, wherever it runs. */
export interface Hostile {
  /** Links to the victim. Resolves with its own key. */
  reach(relay: string, victim: Uint8Array, seed: Uint8Array): Promise<Uint8Array>;
  /** @param read has the victim open a post */
  attack(
    attack: number,
    scene: { readonly held: readonly Uint8Array[]; readonly large: Uint8Array },
    read: (post: Uint8Array) => Promise<void>,
  ): Promise<void>;
  end(): Promise<void>;
}

export class HostileProcess implements Hostile {
  readonly #child: ChildProcess;
  #expect: (message: FromAttacker) => void = () => undefined;
  #read: (post: Uint8Array) => Promise<void> = () => Promise.resolve();

  constructor(script: string) {
    // The relay is reached with WebSocket, which Node 20 has behind this flag.
    this.#child = fork(script, { execArgv: ["--experimental-websocket"], serialization: "advanced" });
    this.#child.on("message", (message: FromAttacker) => this.#hear(message));
  }

  async reach(relay: string, victim: Uint8Array, seed: Uint8Array): Promise<Uint8Array> {
    const linked = await this.#ask({ kind: "reach", relay, victim, seed });
    if (linked.kind !== "linked") throw new Error(`it answered ${linked.kind}`);
    return linked.key;
  }

  async attack(
    attack: number,
    scene: { held: readonly Uint8Array[]; large: Uint8Array },
    read: (post: Uint8Array) => Promise<void>,
  ): Promise<void> {
    this.#read = read;
    await this.#ask({ kind: "attack", attack, ...scene });
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => void this.#child.once("exit", resolve));
    this.#child.kill();
    await ended;
  }

  #ask(message: ToAttacker): Promise<FromAttacker> {
    return new Promise((resolve, reject) => {
      this.#expect = (answer) => {
        if (answer.kind === "failed") reject(new Error(answer.message));
        else resolve(answer);
      };
      this.#child.send(message);
    });
  }

  #hear(message: FromAttacker): void {
    if (message.kind !== "read") {
      this.#expect(message);
      return;
    }
    void this.#read(message.post).then(() => this.#child.send({ kind: "read" } satisfies ToAttacker));
  }
}
