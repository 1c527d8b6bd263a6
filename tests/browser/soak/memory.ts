/** What a page and its peer worker still need after a full collection. */
import type { Page } from "@playwright/test";
import { memoryOfWorker } from "../../bench/app-memory.ts";

export interface Footprint {
  /** Bytes of the worker: objects and buffers. */
  readonly worker: number;
  /** Bytes of JavaScript objects of the page. */
  readonly page: number;
  readonly listeners: number;
  readonly nodes: number;
  /** RTCPeerConnections that are not closed. */
  readonly connections: number;
}

export async function footprint(page: Page): Promise<Footprint> {
  const worker = await memoryOfWorker(page);
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const heap = await session.send("Runtime.getHeapUsage");
  const { jsEventListeners, nodes } = await session.send("Memory.getDOMCounters");
  await session.detach();
  return {
    worker: worker.after.used + worker.after.buffers,
    page: heap.usedSize,
    listeners: jsEventListeners,
    nodes,
    connections: await page.evaluate(() => window.openConnections()),
  };
}
