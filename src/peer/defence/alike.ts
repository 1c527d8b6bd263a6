import { nameSkeleton } from "../../social/defence/names.ts";
import { BoundedMap } from "../../social/index.ts";
import { encodeNodeId, toHex, type NodeKey } from "../../wire/index.ts";
import type { ProfileBook } from "../profiles.ts";
import type { AlikeView } from "./api.ts";

/** Names of strangers that were compared: as many as there are profiles in memory (src/peer/profiles.ts). */
const REMEMBERED = 4_096;

export interface AlikeNamesOptions {
  readonly profiles: Pick<ProfileBook, "load" | "nameOf">;
  /** Whose names mean something to this person: its own, those of people it trusts and follows. */
  readonly familiar: () => readonly NodeKey[];
  readonly isFamiliar: (key: NodeKey) => boolean;
}

/** Names of strangers that look like those of people whom this person knows. */
export class AlikeNames {
  readonly #options: AlikeNamesOptions;
  readonly #skeletons = new BoundedMap<string, string>(REMEMBERED);
  #bySkeleton: ReadonlyMap<string, { readonly hex: string; readonly view: AlikeView }> = new Map();

  constructor(options: AlikeNamesOptions) {
    this.#options = options;
  }

  /** Reads the names anew. Resolves with whether any has changed. */
  async refresh(): Promise<boolean> {
    const { familiar, profiles } = this.#options;
    const keys = familiar();
    await profiles.load(keys);
    const next = new Map<string, { readonly hex: string; readonly view: AlikeView }>();
    for (const key of keys) {
      const name = profiles.nameOf(key);
      const skeleton = name === null ? "" : nameSkeleton(name);
      // Of two with one name the first is told: its own, then whom it trusts.
      if (name === null || skeleton === "" || next.has(skeleton)) continue;
      next.set(skeleton, { hex: toHex(key), view: { id: encodeNodeId(key), name } });
    }
    const before = this.#bySkeleton;
    this.#bySkeleton = next;
    return (
      before.size !== next.size ||
      [...next].some(([skeleton, { hex, view }]) => {
        const known = before.get(skeleton);
        return known?.hex !== hex || known.view.name !== view.name;
      })
    );
  }

  /** Who is somebody else, with a name that looks like this one; `null` for people whom this person knows itself. */
  of(key: NodeKey, name: string | null): AlikeView | null {
    if (name === null || this.#bySkeleton.size === 0) return null;
    const found = this.#bySkeleton.get(this.#skeletonOf(name));
    return found === undefined || this.#options.isFamiliar(key) ? null : found.view;
  }

  #skeletonOf(name: string): string {
    const known = this.#skeletons.get(name);
    if (known !== undefined) return known;
    const skeleton = nameSkeleton(name);
    this.#skeletons.set(name, skeleton);
    return skeleton;
  }
}
