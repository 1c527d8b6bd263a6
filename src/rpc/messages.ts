/** What page and peer worker say to each other beside the calls, on the worker's own port. */

export interface PeerOptions {
  /** URL of the folder that the app is served from, with a slash at its end: `config.json` of the site lies there. */
  readonly site: string;
}

/** First message to a new worker; both ports are transferred. */
export interface StartMessage {
  readonly kind: "start";
  /** `exposePeer` serves the peer here. */
  readonly api: MessagePort;
  /** The window's RTCPeerConnections are driven from here. */
  readonly rtc: MessagePort;
  readonly options: PeerOptions;
}

/** Asks the worker to stop its peer and to say `stopped`; the page ends the worker then. */
export interface StopMessage {
  readonly kind: "stop";
}

export type ToPeerWorker = StartMessage | StopMessage;

export type FromPeerWorker =
  /** The peer has started: storage is open, what is stored can be read. */
  | { readonly kind: "ready" }
  /** The peer could not start; the worker can be ended. */
  | { readonly kind: "failed"; readonly code: string; readonly message: string }
  | { readonly kind: "stopped" };
