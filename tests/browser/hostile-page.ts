/** A hostile peer that is a modified page of a browser: of its own person, on the server of the app. */
import { cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";
import { build } from "vite";
import type { FromAttacker, ToAttacker } from "../hostile/messages.ts";
import type { SayToAttacker } from "./attacker-harness/page.ts";
import type { Hostile } from "./hostile-process.ts";

declare global {
  interface Window {
    sayToAttacker: SayToAttacker;
  }
}

const BUILT = path.resolve(import.meta.dirname, "../../dist/app");
const HARNESS = path.join(import.meta.dirname, "attacker-harness/vite.config.ts");
/** Where the modified page lies beside the app. */
export const ATTACKER_PATH = "attacker/index.html";

/** A folder with the app and the modified page; whoever asks removes it. */
export async function appWithAttacker(): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), "mehr-attacker-"));
  await cp(BUILT, root, { recursive: true });
  await build({ configFile: HARNESS, build: { outDir: path.join(root, "attacker") } });
  return root;
}

/** Bytes do not cross into a page by themselves. */
type Plain<Value> = Value extends Uint8Array
  ? number[]
  : Value extends object
    ? { [Name in keyof Value]: Plain<Value[Name]> }
    : Value;

export class HostilePage implements Hostile {
  readonly #page: Page;

  /** @param page of {@link ATTACKER_PATH} */
  constructor(page: Page) {
    this.#page = page;
  }

  async reach(relay: string, victim: Uint8Array, seed: Uint8Array): Promise<Uint8Array> {
    await this.#page.waitForFunction(() => document.title === "ready");
    const answer = await this.#say({ kind: "reach", relay, victim: [...victim], seed: [...seed] });
    if (answer.kind !== "linked") throw new Error(`it answered ${JSON.stringify(answer)}`);
    return Uint8Array.from(answer.key);
  }

  async attack(
    attack: number,
    { held, large }: { readonly held: readonly Uint8Array[]; readonly large: Uint8Array },
    read: (post: Uint8Array) => Promise<void>,
  ): Promise<void> {
    let answer = await this.#say({ kind: "attack", attack, held: held.map((bytes) => [...bytes]), large: [...large] });
    while (answer.kind === "read") {
      await read(Uint8Array.from(answer.post));
      answer = await this.#say({ kind: "read" });
    }
    if (answer.kind !== "over") throw new Error(`it answered ${JSON.stringify(answer)}`);
  }

  async end(): Promise<void> {
    await this.#page.context().close();
  }

  async #say(message: Plain<ToAttacker>): Promise<Plain<FromAttacker>> {
    return await this.#page.evaluate(async (plain): Promise<Plain<FromAttacker>> => {
      const bytes = (numbers: readonly number[]): Uint8Array => Uint8Array.from(numbers);
      const said =
        plain.kind === "reach"
          ? { ...plain, victim: bytes(plain.victim), seed: bytes(plain.seed) }
          : plain.kind === "attack"
            ? { ...plain, held: plain.held.map(bytes), large: bytes(plain.large) }
            : plain;
      const answer = await window.sayToAttacker(said);
      if (answer.kind === "linked") return { ...answer, key: [...answer.key] };
      return answer.kind === "read" ? { ...answer, post: [...answer.post] } : answer;
    }, message);
  }
}
