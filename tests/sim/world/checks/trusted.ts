import type { Inhabitant } from "../inhabitant.ts";
import { Breaches, type Check } from "../watch.ts";

/** In the text of everything that is for trusted people only: nobody else may be sent a frame with it. */
const MARK = "for-circle-";

export function markOf(circle: number): string {
  return `${MARK}${String(circle).padStart(4, "0")}`;
}

/** Every frame is looked at, and most are shorter than a view of their bytes. */
function placeOf(bytes: Uint8Array): number {
  return bytes.length < MARK.length ? -1 : Buffer.prototype.indexOf.call(bytes, MARK);
}

/** An unscoped envelope never leaves the trust graph: in no frame, on no channel, in no store. */
export function trustedOnly(breaches: Breaches): Check {
  const name = "trusted-only";
  let frames = 0;
  let held = 0;
  const look = (to: Inhabitant, bytes: Uint8Array, how: string): void => {
    const at = placeOf(bytes);
    if (at < 0) return;
    const circle = Number(String.fromCharCode(...bytes.subarray(at + MARK.length, at + MARK.length + 4)));
    frames++;
    if (to.character.circle !== circle)
      breaches.add(name, `person ${to.number} was sent words of circle ${circle} by ${how}`);
  };
  return {
    name,
    arrived({ author, kind, number }, at) {
      if (kind !== "trusted") return;
      held++;
      if (at.character.circle !== author.character.circle) {
        breaches.add(name, `person ${at.number} holds envelope ${number} of person ${author.number}`);
      }
    },
    gossiped(_from, to, { bytes, channel }) {
      if (placeOf(bytes) >= 0) {
        breaches.add(name, `words for trusted people are on ${channel}, heard by person ${to.number}`);
      }
    },
    framed: (_from, to, protocol, frame) => look(to, frame, protocol),
    finish: () => [`trusted-only: ${held} envelopes reached trusted people, in ${frames} frames`],
  };
}
