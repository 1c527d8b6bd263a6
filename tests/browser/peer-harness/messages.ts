/** What the page asks of the worker, and what comes back. */
export type Ask =
  | { readonly id: number; readonly kind: "save"; readonly draft: string; readonly text: string }
  | { readonly id: number; readonly kind: "publish"; readonly draft: string; readonly text: string }
  /** Envelopes of strangers begin to come in, and go on until the end. */
  | { readonly id: number; readonly kind: "ingest"; readonly seed: number }
  | { readonly id: number; readonly kind: "fill" }
  | { readonly id: number; readonly kind: "look" };

export interface Answer {
  readonly id: number;
  readonly value: unknown;
  readonly error: string | null;
}

/** Objects of others that were stored, and how many of them are there still. */
export interface Filled {
  readonly stored: number;
  readonly held: number;
  /** Of the failure that ended it; `null` when room was made instead. */
  readonly code: string | null;
}

/** All that lies in the store, and what about it is not as it should be. */
export interface Look {
  /** Text by id. */
  readonly drafts: Readonly<Record<string, string>>;
  /** Hashes of own envelopes, and of those in the outbox. */
  readonly own: readonly string[];
  readonly outbox: readonly string[];
  readonly envelopes: number;
  readonly faults: readonly string[];
}
