/** What page and peer worker say to each other beside the calls, on the worker's own port. */

export interface PeerOptions {
  /** URL of the folder that the app is served from, with a slash at its end: `config.json` of the site lies there. */
  readonly site: string;
}

/** First message to a new worker; both ports are transferred. */
export interface StartMessage {
  readonly kind: "start";
  /** The peer is served here to the page that started the worker. */
  readonly api: MessagePort;
  /** The window's RTCPeerConnections are driven from here. */
  readonly rtc: MessagePort;
  readonly options: PeerOptions;
  /** What the peer of this origin last had the pages remember; `undefined` when that was nothing. */
  readonly remembered: unknown;
}

/** Another tab wants to be a view of this peer; the port is transferred. */
export interface ConnectMessage {
  readonly kind: "connect";
  readonly api: MessagePort;
  /** Name of the Web Lock that the other tab holds for as long as it wants to be served. */
  readonly page: string;
}

/** Asks the worker to stop its peer and to say `stopped`; the page ends the worker then. */
export interface StopMessage {
  readonly kind: "stop";
}

export type ToPeerWorker = StartMessage | ConnectMessage | StopMessage;

export type FromPeerWorker =
  /** The peer could not start or cannot go on; the worker can be ended. */
  | { readonly kind: "failed"; readonly code: string; readonly message: string }
  /** Asks the page to stop this worker and to start the peer in a new one. */
  | { readonly kind: "restart" }
  | { readonly kind: "stopped" };
