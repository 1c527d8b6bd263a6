/** What the address of a relay or an ICE server looks like. The peer checks again; this is for a word at the field. */

/** `wss:`, and `ws:` to this computer, where nobody else listens. */
export function isRelayUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.protocol === "wss:") return true;
  return url.protocol === "ws:" && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
}

/** `stun:host`, `turn:host:port`, `turns:host?transport=tcp` (RFC 7064 and 7065). */
export function isIceUrl(text: string): boolean {
  return /^(stun|turns?):[^\s/?]+(\?transport=(udp|tcp))?$/i.test(text);
}
