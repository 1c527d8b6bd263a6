/** What the tabs of one origin tell each other, all at once. */

/** What one posts all others get, and itself does not. A `BroadcastChannel` is one. */
export interface TabChannel {
  postMessage(message: TabMessage): void;
  addEventListener(type: "message", listener: (event: { readonly data: TabMessage }) => void): void;
  close(): void;
}

export type TabMessage =
  /** Another tab wants the peer: whoever runs it lets go, whoever waits for it steps back. */
  | { readonly kind: "yield" }
  /** Another tab starts the peer, at first or anew: who has no connection to it asks for one. */
  | { readonly kind: "holder" }
  /** The peer has started in another tab: who has failed to start it need not despair. */
  | { readonly kind: "ready" }
  /** Does the page that holds the peer still run? It answers `here`. */
  | { readonly kind: "there?" }
  | { readonly kind: "here" };

/** What happens to a page by itself. */
export interface PageLife {
  /** Whether a person can see it. */
  visible(): boolean;
  /**
   * `freeze`: the browser runs nothing of it after this task; `resume`: it goes on; `visible`: a person sees it again.
   * Returns what ends the listening.
   */
  on(event: "freeze" | "resume" | "visible", listener: () => void): () => void;
}
