/**
 * /mehr/device/1: an identity goes from one device of a person to another, over the direct link between the two. Both have seen one
 * code, which holds a secret; each shows the other that it knows it before anything else is said, bound to the keys of both ends
 * of the link. The file that follows is sealed with a key made of that secret (docs/protocol.md, "Devices").
 *
 * | from | frame | items |
 * | --- | --- | --- |
 * | taker | hello | `[1, nonce, proof]` |
 * | giver | welcome | `[129, nonce, proof]` |
 * | giver | file | `[130, bytes in all]`, once the person has said yes, then `[131, bytes]` until they are whole |
 * | giver | no | `[132, reason]` at any moment, then the stream ends |
 * | taker | received | `[2]` |
 */
export { DEVICE_PROTOCOL, Refusal } from "./constants.ts";
export { codeOfDevice, deviceCode, SECRET_BYTES, type DeviceCode } from "./code.ts";
export {
  decodeGiver,
  decodeTaker,
  encodeGiver,
  encodeTaker,
  MAX_PIECE,
  type GiverMessage,
  type TakerMessage,
} from "./messages.ts";
export { agreementOf, isProof, NONCE_BYTES, proofOf, type Agreement, type Ends } from "./proof.ts";
