/**
 * Stands where @libp2p/crypto expects @noble/curves/secp256k1 in the built app (vite.config.ts). Every identity of the mesh is an
 * Ed25519 key (docs/protocol.md, section 1), and the other curve is 9 kB of the worker. Whoever comes with a key of it
 * is refused as somebody with a broken one is.
 */
function refuse(): never {
  throw new TypeError("Keys on secp256k1 are not for this mesh.");
}

/** What @libp2p/crypto calls of the curve. @throws TypeError always */
export const secp256k1 = {
  Point: { fromBytes: refuse },
  getPublicKey: refuse,
  sign: refuse,
  verify: refuse,
  utils: { randomSecretKey: refuse },
} as const;
