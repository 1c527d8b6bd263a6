/** Between the session descriptions of a browser (SDP, RFC 8866 with RFC 8829 and RFC 8841) and what codes carry of them. */
import { isAddress } from "./address.ts";
import { InviteError } from "./errors.ts";
import { SESSION_LIMITS, type Candidate, type Session } from "./session.ts";

/** A host without an interface of each kind still leaves room for what STUN and TURN say, which others need more. */
const MAX_OF_TYPE: Readonly<Record<Candidate["type"], number>> = { host: 4, srflx: 2, relay: 2 };

/**
 * What there is to carry of an own description.
 * @param candidates lines as browsers give them, `candidate:...`, beside those that `sdp` holds
 * @throws InviteError `INVITE_FAILED` when the browser describes a connection in an unknown way
 */
export function sessionOf(sdp: string, candidates: readonly string[]): Session {
  const lines = sdp.split(/\r?\n/);
  const attribute = (name: string): string | null =>
    lines.find((line) => line.startsWith(`a=${name}:`))?.slice(name.length + 3) ?? null;
  const needed = (name: string): string => {
    const value = attribute(name);
    if (value === null) throw new InviteError("INVITE_FAILED", `A session description without ${name}.`);
    return value;
  };
  const inside = lines.filter((line) => line.startsWith("a=candidate:")).map((line) => line.slice(2));
  return {
    ufrag: needed("ice-ufrag"),
    pwd: needed("ice-pwd"),
    fingerprint: fingerprintOf(lines),
    setup: setupOf(needed("setup")),
    mid: needed("mid"),
    sctpPort: Number(needed("sctp-port")),
    // Absent means 65,536 (RFC 8841 section 6.1).
    maxMessageSize: Number(attribute("max-message-size") ?? 65_536),
    candidates: chosen([...inside, ...candidates]),
  };
}

/** A description that a browser takes as that of the other side. */
export function sdpOf(session: Session): string {
  const { ufrag, pwd, fingerprint, setup, mid, sctpPort, maxMessageSize } = session;
  const hex = Array.from(fingerprint, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(":");
  const lines = [
    "v=0",
    "o=- 1 1 IN IP4 0.0.0.0",
    "s=-",
    "t=0 0",
    `a=group:BUNDLE ${mid}`,
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 0.0.0.0",
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    "a=ice-options:trickle",
    `a=fingerprint:sha-256 ${hex}`,
    `a=setup:${setup}`,
    `a=mid:${mid}`,
    `a=sctp-port:${sctpPort}`,
    `a=max-message-size:${maxMessageSize}`,
  ];
  return `${lines.join("\r\n")}\r\n`;
}

/** The candidates of a session, as `addIceCandidate` takes them. */
export function candidatesOf(session: Session): RTCIceCandidateInit[] {
  return session.candidates.map(({ type, address, port, priority }, at) => {
    // A related address is asked for by the grammar; browsers write zeroes where they hide it.
    const related = type === "host" ? "" : " raddr 0.0.0.0 rport 0";
    return {
      candidate: `candidate:${at + 1} 1 udp ${priority} ${address} ${port} typ ${type}${related}`,
      sdpMid: session.mid,
      sdpMLineIndex: 0,
      usernameFragment: session.ufrag,
    };
  });
}

function fingerprintOf(lines: readonly string[]): Uint8Array {
  for (const line of lines) {
    const hex = /^a=fingerprint:sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/i.exec(line)?.[1];
    if (hex !== undefined) return Uint8Array.from(hex.split(":"), (byte) => Number.parseInt(byte, 16));
  }
  throw new InviteError("INVITE_FAILED", "A session description without a SHA-256 fingerprint.");
}

function setupOf(text: string): Session["setup"] {
  if (text === "actpass" || text === "active" || text === "passive") return text;
  throw new InviteError("INVITE_FAILED", "A session description with an unknown role.");
}

/** Those that carry data channels between browsers, the best of each kind first. */
function chosen(lines: readonly string[]): Candidate[] {
  const known = new Map<string, Candidate>();
  for (const line of lines) {
    const candidate = candidateOf(line);
    if (candidate !== null) known.set(`${candidate.address} ${candidate.port}`, candidate);
  }
  const counts = { host: 0, srflx: 0, relay: 0 };
  return [...known.values()]
    .toSorted((a, b) => b.priority - a.priority)
    .filter(({ type }) => {
      counts[type] += 1;
      return counts[type] <= MAX_OF_TYPE[type];
    })
    .slice(0, SESSION_LIMITS.maxCandidates);
}

/** TCP candidates of browsers can only call out, so two of them never meet; `prflx` ones are not written down. */
function candidateOf(line: string): Candidate | null {
  const match = /^candidate:\S+ 1 udp (\d{1,10}) (\S+) (\d{1,5}) typ (host|srflx|relay)\b/i.exec(line);
  const [, priority = "", address = "", port = "", type] = match ?? [];
  if ((type !== "host" && type !== "srflx" && type !== "relay") || !isAddress(address)) return null;
  return { type, address, port: Number(port), priority: Number(priority) };
}
