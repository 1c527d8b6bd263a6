/** Uint8Array.prototype.toHex, which new browsers have and Node 20 lacks: peers spell keys and hashes all the time. */
const hexSlice = (Buffer.prototype as unknown as { hexSlice(this: Uint8Array, from: number, to: number): string })
  .hexSlice;

/** Until the returned function is called, bytes of this thread spell themselves. */
export function nativeHex(): () => void {
  const owner: object = Uint8Array.prototype;
  if ("toHex" in owner) return () => undefined;
  Object.defineProperty(owner, "toHex", {
    configurable: true,
    value(this: Uint8Array): string {
      return hexSlice.call(this, 0, this.length);
    },
  });
  return () => void Reflect.deleteProperty(owner, "toHex");
}
