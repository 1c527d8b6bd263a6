/** Addresses of ICE candidates as bytes: IPv4, IPv6, and the random names under mDNS that hide them. */
import { fromHex, toHex } from "../../wire/index.ts";
import { type FrameItem, type FrameReader, malformed } from "../protocols/frame.ts";

const Kind = { v4: 0, v6: 1, mdns: 2 } as const;

/** draft-ietf-mmusic-mdns-ice-candidates: a version 4 UUID under `.local`. */
const MDNS = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\.local$/;
const V4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** Whether {@link writeAddress} can carry it. */
export function isAddress(address: string): boolean {
  return kindOf(address) !== null;
}

/** The kind and the bytes. @throws TypeError for what {@link isAddress} denies */
export function writeAddress(address: string): readonly [FrameItem, FrameItem] {
  const known = kindOf(address);
  if (known === null) throw new TypeError("An address of an unknown form.");
  return known;
}

/** In its one spelling: IPv6 is written in full, in lower case. @throws ProtocolError `MALFORMED` */
export function readAddress(reader: FrameReader): string {
  const kind = reader.uint(Kind.mdns);
  if (kind === Kind.v4) return reader.bytes(4, 4).join(".");
  const hex = toHex(reader.bytes(16, 16));
  if (kind === Kind.v6) return (hex.match(/.{4}/g) ?? []).join(":");
  const uuid = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(hex);
  if (uuid === null) throw malformed("no name under mDNS");
  return `${uuid.slice(1).join("-")}.local`;
}

function kindOf(address: string): readonly [number, Uint8Array] | null {
  const mdns = MDNS.exec(address.toLowerCase());
  if (mdns !== null) return [Kind.mdns, fromHex(mdns.slice(1).join(""))];
  const octets = V4.exec(address)?.slice(1).map(Number);
  if (octets !== undefined) return octets.every((octet) => octet <= 255) ? [Kind.v4, Uint8Array.from(octets)] : null;
  const v6 = parseV6(address);
  return v6 === null ? null : [Kind.v6, v6];
}

/** RFC 4291 section 2.2, without the spelling that ends in an IPv4 address: no browser writes candidates so. */
function parseV6(text: string): Uint8Array | null {
  const halves = text.toLowerCase().split("::");
  if (halves.length > 2 || !text.includes(":")) return null;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array.from({ length: missing }, () => "0"), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return null;
  return fromHex(groups.map((group) => group.padStart(4, "0")).join(""));
}
