/**
 * The two ends of a WebRTC connection whose descriptions travel by other ways than a relay's circuit. What `@libp2p/webrtc`
 * does once its own signalling is over is done here in the same way: its muxer over the data channels, no encryption of
 * libp2p's own on top of DTLS. Who is at the other end is known from the signature over its fingerprint.
 */
import type { ComponentLogger, MultiaddrConnection, PeerId, Upgrader } from "@libp2p/interface";
import { multiaddr } from "@multiformats/multiaddr";
import type { NodeKey } from "../wire/index.ts";
import { MeshError } from "./errors.ts";
import {
  candidatesOf,
  InviteError,
  sdpOf,
  sessionOf,
  type AnswerEnd,
  type Endpoints,
  type OfferEnd,
  type Session,
} from "./invite/index.ts";
import { peerIdOf } from "./keys.ts";
import { DATA_CHANNELS } from "./libp2p.ts";
import { abortable, withDeadline, type Clock } from "./protocols/clock.ts";
import { DataChannelMuxerFactory, toMultiaddrConnection } from "./webrtc-parts.ts";

export interface RtcEndpointsOptions {
  readonly clock: Clock;
  readonly iceServers: readonly RTCIceServer[];
  readonly upgrader: Upgrader;
  readonly logger: ComponentLogger;
}

/**
 * Host candidates are there within 100 ms, those of a STUN server within a round trip (measured). What has not come by
 * then is not waited for: a server that is down would hold up everything.
 */
const GATHER_TIMEOUT = 2_000;
/**
 * An answer may wait for minutes until it is used. Chromium 156 keeps asking the paths of the offer for as long (measured
 * over nine minutes); where a browser has given one up, naming it again starts it again.
 */
const REMINDER = 10_000;
/** From connected ICE to a connection of libp2p; one round trip for the init channel. */
const UPGRADE_TIMEOUT = 10_000;
/** As @libp2p/webrtc names it; the bridge to the window knows it by this name, too. */
const INIT_LABEL = "init";

export function rtcEndpoints(options: RtcEndpointsOptions): Endpoints {
  return {
    offer: (signal) =>
      described(
        () => new OfferingEnd(options),
        (end) => end.describe(signal),
      ),
    answer: (offer, signal) =>
      described(
        () => new AnsweringEnd(options),
        (end) => end.describe(offer, signal),
      ),
  };
}

async function described<Made extends RtcEnd>(make: () => Made, describe: (end: Made) => Promise<void>): Promise<Made> {
  let end: Made | null = null;
  try {
    end = make();
    await describe(end);
    return end;
  } catch (error) {
    end?.close();
    throw failure(error);
  }
}

class RtcEnd {
  protected readonly options: RtcEndpointsOptions;
  protected readonly connection: RTCPeerConnection;
  readonly #muxer: DataChannelMuxerFactory;
  readonly #candidates: string[] = [];
  #session: Session | null = null;
  #linked = false;

  constructor(options: RtcEndpointsOptions) {
    this.options = options;
    this.connection = new RTCPeerConnection({ iceServers: options.iceServers.map((server) => ({ ...server })) });
    // Holds the streams that the other side opens before this side is ready for them.
    this.#muxer = new DataChannelMuxerFactory({ peerConnection: this.connection, dataChannelOptions: DATA_CHANNELS });
    this.connection.addEventListener("icecandidate", ({ candidate }) => {
      if (candidate !== null && candidate.candidate !== "") this.#candidates.push(candidate.candidate);
    });
  }

  get session(): Session {
    if (this.#session === null) throw new InviteError("INVITE_FAILED", "An end that was not described yet.");
    return this.#session;
  }

  close(): void {
    if (this.#linked) return;
    this.#muxer.close();
    this.connection.close();
  }

  /** Takes the local description with all candidates: nothing can be sent after it. */
  protected async settle(local: RTCSessionDescriptionInit, signal: AbortSignal | undefined): Promise<void> {
    const { clock } = this.options;
    await abortable(this.connection.setLocalDescription(local), signal);
    const waiting = new AbortController();
    const either = signal === undefined ? waiting.signal : AbortSignal.any([signal, waiting.signal]);
    let cancel = (): void => undefined;
    const timeout = new Promise<void>((resolve) => {
      cancel = clock.after(GATHER_TIMEOUT, resolve);
    });
    try {
      await Promise.race([
        this.until("icegatheringstatechange", either, () => this.connection.iceGatheringState === "complete"),
        timeout,
      ]);
    } finally {
      cancel();
      waiting.abort();
    }
    this.#session = sessionOf(this.connection.localDescription?.sdp ?? "", this.#candidates);
  }

  protected async add(remote: Session): Promise<void> {
    for (const candidate of candidatesOf(remote)) await this.connection.addIceCandidate(candidate);
  }

  /** @throws InviteError `INVITE_FAILED` when the connection is in one of the states `hopeless` before `condition` holds */
  protected async until(
    event: string,
    signal: AbortSignal | undefined,
    condition: () => boolean,
    hopeless: readonly RTCPeerConnectionState[] = ["closed"],
  ): Promise<void> {
    const { connection } = this;
    let check = (): void => undefined;
    const reached = new Promise<void>((resolve, reject) => {
      check = () => {
        const state = connection.connectionState;
        if (condition()) resolve();
        else if (hopeless.includes(state)) reject(new InviteError("INVITE_FAILED", `The connection is ${state}.`));
      };
      connection.addEventListener(event, check);
      connection.addEventListener("connectionstatechange", check);
      check();
    });
    try {
      await abortable(reached, signal);
    } finally {
      connection.removeEventListener(event, check);
      connection.removeEventListener("connectionstatechange", check);
    }
  }

  /** Makes a connection of libp2p of it. */
  protected async upgrade(
    peer: NodeKey,
    direction: "inbound" | "outbound",
    signal: AbortSignal,
    upgrade: (connection: MultiaddrConnection, options: UpgradeOptions) => Promise<unknown>,
  ): Promise<void> {
    const { clock, logger } = this.options;
    const remotePeer = peerIdOf(peer);
    const raw = toMultiaddrConnection({
      peerConnection: this.connection,
      remoteAddr: multiaddr(`/webrtc/p2p/${remotePeer.toString()}`),
      direction,
      log: logger.forComponent("mehr:invite:connection"),
    });
    await withDeadline(clock, UPGRADE_TIMEOUT, signal, (limit) =>
      upgrade(raw, {
        skipEncryption: true,
        skipProtection: true,
        remotePeer,
        muxerFactory: this.#muxer,
        signal: limit,
      }),
    );
    this.#linked = true;
  }
}

interface UpgradeOptions {
  readonly skipEncryption: true;
  readonly skipProtection: true;
  readonly remotePeer: PeerId;
  readonly muxerFactory: DataChannelMuxerFactory;
  readonly signal: AbortSignal;
}

class OfferingEnd extends RtcEnd implements OfferEnd {
  /** Without a channel a description has nothing to connect. */
  readonly #init = this.connection.createDataChannel(INIT_LABEL);

  async describe(signal: AbortSignal | undefined): Promise<void> {
    await this.settle(await abortable(this.connection.createOffer(), signal), signal);
  }

  async connect(peer: NodeKey, answer: Session, signal: AbortSignal): Promise<void> {
    const { connection } = this;
    try {
      await abortable(connection.setRemoteDescription({ type: "answer", sdp: sdpOf(answer) }), signal);
      await abortable(this.add(answer), signal);
      const connected = (): boolean => connection.connectionState === "connected";
      await this.until("connectionstatechange", signal, connected, ["closed", "failed"]);
      await this.#endInit(signal);
      await this.upgrade(peer, "outbound", signal, (raw, options) =>
        this.options.upgrader.upgradeOutbound(raw, options),
      );
    } catch (error) {
      throw failure(error);
    }
  }

  /** As @libp2p/webrtc does: the number of the channel must not be used again before both sides have seen it closed. */
  async #endInit(signal: AbortSignal): Promise<void> {
    if (this.#init.readyState !== "open") await abortable(happened(this.#init, "open"), signal);
    const closed = happened(this.#init, "close");
    this.#init.close();
    await abortable(closed, signal);
  }
}

class AnsweringEnd extends RtcEnd implements AnswerEnd {
  #offer: Session | null = null;

  async describe(offer: Session, signal: AbortSignal | undefined): Promise<void> {
    this.#offer = offer;
    // The other side is made to begin DTLS, when it has the answer. Whoever begins gives up after 220 s without a word
    // (Chromium 156), and ICE connects at once: the port of an open offer answers.
    const decided: Session = { ...offer, setup: "active" };
    await abortable(this.connection.setRemoteDescription({ type: "offer", sdp: sdpOf(decided) }), signal);
    await abortable(this.add(offer), signal);
    await this.settle(await abortable(this.connection.createAnswer(), signal), signal);
  }

  async connect(peer: NodeKey, signal: AbortSignal): Promise<void> {
    const { connection } = this;
    const stop = this.#remind();
    try {
      await this.until("connectionstatechange", signal, () => connection.connectionState === "connected");
      stop();
      await this.upgrade(peer, "inbound", signal, (raw, options) => this.options.upgrader.upgradeInbound(raw, options));
    } catch (error) {
      throw failure(error);
    } finally {
      stop();
    }
  }

  /** Names the candidates of the offer again and again. */
  #remind(): () => void {
    const { clock } = this.options;
    let cancel = (): void => undefined;
    const again = (): void => {
      cancel = clock.after(REMINDER, () => {
        // A connection that is closed meanwhile refuses; whoever waits for it is told by its state.
        if (this.#offer !== null) this.add(this.#offer).catch(() => cancel());
        again();
      });
    };
    again();
    return () => cancel();
  }
}

function happened(target: EventTarget, event: string): Promise<void> {
  return new Promise((resolve) => {
    target.addEventListener(event, () => resolve(), { once: true });
  });
}

/** What browsers and libp2p throw has names of its own; an abort keeps its reason. */
function failure(error: unknown): Error {
  if (error instanceof InviteError || error instanceof MeshError) return error;
  if (error instanceof Error && error.name === "AbortError") return error;
  const name = error instanceof Error ? error.name : String(error);
  return new InviteError("INVITE_FAILED", `The browser gave no connection: ${name}.`, { cause: error });
}
