/** Between a test and a hostile peer, wherever that one runs. */
export type ToAttacker =
  | { readonly kind: "reach"; readonly relay: string; readonly victim: Uint8Array; readonly seed: Uint8Array }
  | {
      readonly kind: "attack";
      /** Its place among the attacks. */
      readonly attack: number;
      readonly held: readonly Uint8Array[];
      readonly large: Uint8Array;
    }
  /** The victim has tried to open the post. */
  | { readonly kind: "read" };

export type FromAttacker =
  | { readonly kind: "linked"; readonly key: Uint8Array }
  /** The victim is to open this post; answered by `read`. */
  | { readonly kind: "read"; readonly post: Uint8Array }
  | { readonly kind: "over" }
  | { readonly kind: "failed"; readonly message: string };
