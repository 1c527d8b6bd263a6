/** Figures of a real RTCPeerConnection, reduced to what the bridge passes on. */
import type { RtcStats } from "./messages.ts";

export async function reduceStats(id: number, connection: RTCPeerConnection): Promise<RtcStats> {
  const report = await connection.getStats();
  let stats: RtcStats = { connection: id, bytesSent: 0, bytesReceived: 0, localCandidate: null, remoteCandidate: null };
  // The report is an untyped map in the DOM library; the fields are those of the W3C "webrtc-stats" identifiers.
  report.forEach(
    (entry: { type: string; bytesSent?: number; bytesReceived?: number; selectedCandidatePairId?: string }) => {
      if (entry.type !== "transport") {
        return;
      }
      const pair: unknown =
        entry.selectedCandidatePairId === undefined ? undefined : report.get(entry.selectedCandidatePairId);
      stats = {
        connection: id,
        bytesSent: entry.bytesSent ?? 0,
        bytesReceived: entry.bytesReceived ?? 0,
        localCandidate: candidateType(report, pair, "localCandidateId"),
        remoteCandidate: candidateType(report, pair, "remoteCandidateId"),
      };
    },
  );
  return stats;
}

function candidateType(report: RTCStatsReport, pair: unknown, key: string): string | null {
  if (typeof pair !== "object" || pair === null) {
    return null;
  }
  const candidate: unknown = report.get(String(Reflect.get(pair, key)));
  if (typeof candidate !== "object" || candidate === null) {
    return null;
  }
  const type: unknown = Reflect.get(candidate, "candidateType");
  return typeof type === "string" ? type : null;
}
