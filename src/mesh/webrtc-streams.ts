/**
 * Large messages of @libp2p/webrtc without the copies that its streams make of them. What goes over the wire stays the
 * same: a length, then a protobuf message with the bytes as field 2.
 */
import type { Stream } from "@libp2p/interface";
import { Uint8ArrayList } from "uint8arraylist";
import { WebRTCStream } from "./webrtc-parts.ts";

/**
 * From here on the copy costs more than a second message: @libp2p/webrtc 6.0.33 encodes each message into fresh memory, 0.3 ms
 * for 64 KiB, and the collector frees it again (measured: both together are half of what the sending worker computes).
 */
const UNCOPIED = 16_384;

/** Bytes that wait in the channel; the library's own value. */
const MAX_BUFFERED = 2 * 1_048_576;

/** Field 2, length-delimited (protobuf, "Message Structure"). */
const BYTES_FIELD = 0x12;

/** A length of four bytes reaches 256 MiB, far above what a channel takes. */
const MAX_VARINT_BYTES = 4;

/** Does nothing to streams of other transports. */
export function spareCopies(stream: Stream): void {
  if (!(stream instanceof WebRTCStream)) return;
  const channel = Reflect.get(stream, "channel") as RTCDataChannel;
  const receive: unknown = Reflect.get(stream, "processIncomingProtobuf");
  if (typeof receive !== "function" || typeof channel?.bufferedAmount !== "number") {
    throw new TypeError("@libp2p/webrtc has no streams of the known form.");
  }
  const send = stream.sendData.bind(stream);
  stream.sendData = (data) => {
    if (data.byteLength < UNCOPIED || channel.readyState !== "open") return send(data);
    // Each part is given to the channel as it is, and channels copy before they return.
    stream._sendMessage(new Uint8ArrayList(headOf(data.byteLength), data));
    return { sentBytes: data.byteLength, canSendMore: channel.bufferedAmount < MAX_BUFFERED };
  };
  Reflect.set(stream, "processIncomingProtobuf", (message: Uint8Array | Uint8ArrayList): void => {
    const bytes = message instanceof Uint8ArrayList ? contentOf(message) : null;
    if (bytes === null) Reflect.apply(receive, stream, [message]);
    // As the library has it: what nobody will read is dropped.
    else if (stream.readStatus === "readable" || stream.readStatus === "paused") stream.onData(bytes);
  });
}

/** What stands before `length` bytes: the length of the message, and that this field is all of it. */
export function headOf(length: number): Uint8Array<ArrayBuffer> {
  const field = [BYTES_FIELD, ...varint(length)];
  return Uint8Array.from([...varint(field.length + length), ...field]);
}

/** The bytes of a large message that holds nothing else, where they lie; `null` for any other. */
export function contentOf(message: Uint8ArrayList): Uint8ArrayList | null {
  if (message.byteLength < UNCOPIED || message.get(0) !== BYTES_FIELD) return null;
  let length = 0;
  for (let at = 0; at < MAX_VARINT_BYTES; at++) {
    const byte = message.get(1 + at);
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte >= 0x80) continue;
    const head = 2 + at;
    return message.byteLength === head + length ? message.sublist(head) : null;
  }
  return null;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return bytes;
}
