/** What archives may do, whichever way they are packed. */
import { ArrivalError } from "./errors.ts";

/** What one text may unpack to: 50,000 posts of 3 kB each, with room for three times as much. */
export const MAX_TEXT = 536_870_912;
/** Text packs to a tenth, a list of the same again and again to a fiftieth; a bomb to a thousandth. */
const MAX_RATIO = 200;
/** Below this nothing is a bomb. */
const HARMLESS = 16_777_216;

/** Looks at how much came of how much. The function it gives throws ArrivalError `ARCHIVE_BOMB`. */
export function bombWatch(most = MAX_TEXT): (packed: number, unpacked: number) => void {
  return (packed, unpacked) => {
    if (unpacked > most || (unpacked > HARMLESS && unpacked > packed * MAX_RATIO)) {
      throw new ArrivalError("ARCHIVE_BOMB", "This unpacks to more than any text does.");
    }
  };
}

/** Whether a path leads out of where an archive is unpacked to. */
export function climbs(path: string): boolean {
  const parts = path.replaceAll("\\", "/").split("/");
  return (
    parts.includes("..") ||
    path.startsWith("/") ||
    path.startsWith("\\") ||
    /^[a-z]:/iu.test(path) ||
    path.includes("\0")
  );
}
