import { PeerError } from "../errors.ts";
import type { LogQuery, LogRoom, PageFault } from "./api.ts";
import { LEVELS } from "./ring.ts";

const ROOMS: ReadonlySet<LogRoom> = new Set<LogRoom>(["peer", "mesh", "store", "rpc", "page"]);

/** @throws PeerError `LOG_QUERY_INVALID` */
export function logQuery({ level, limit, room }: { [Name in keyof LogQuery]?: LogQuery[Name] | undefined }): LogQuery {
  const known =
    (level === undefined || LEVELS.includes(level)) &&
    (room === undefined || ROOMS.has(room)) &&
    (limit === undefined || (Number.isSafeInteger(limit) && limit >= 0));
  if (!known) throw new PeerError("LOG_QUERY_INVALID", "No such level or room, or no number of entries.");
  return {
    ...(level === undefined ? {} : { level }),
    ...(limit === undefined ? {} : { limit }),
    ...(room === undefined ? {} : { room }),
  };
}

/** @throws PeerError `FAULT_INVALID` */
export function pageFault(given: unknown): PageFault {
  if (typeof given === "object" && given !== null) {
    const { at, class: name, code, kind } = given as Partial<Record<keyof PageFault, unknown>>;
    if (
      (kind === "error" || kind === "rejection") &&
      typeof name === "string" &&
      (code === null || typeof code === "string") &&
      Array.isArray(at)
    ) {
      return { kind, class: name, code, at: at.filter((frame) => typeof frame === "string") };
    }
  }
  throw new PeerError("FAULT_INVALID", "Not the description of an error.");
}
