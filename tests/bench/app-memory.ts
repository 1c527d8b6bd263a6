/** What Chromium says about the memory of the peer worker, and what Linux says about the processes of its pages. */
import { readFile } from "node:fs/promises";
import type { BrowserContext, CDPSession, Page } from "@playwright/test";

/** Bytes. */
export interface HeapUse {
  /** Objects of JavaScript. */
  readonly used: number;
  /** What V8 has reserved for them. */
  readonly reserved: number;
  /** Array buffers, WebAssembly's memory and what else lies outside of that heap: the columns of the index are here. */
  readonly buffers: number;
}

export interface WorkerMemory {
  /** As it is found. */
  readonly before: HeapUse;
  /** After a full collection: what it cannot do without. */
  readonly after: HeapUse;
}

interface HeapUsage {
  readonly usedSize: number;
  readonly totalSize: number;
  readonly embedderHeapUsedSize: number;
  readonly backingStorageSize: number;
}

export async function memoryOfWorker(page: Page): Promise<WorkerMemory> {
  const session = await page.context().newCDPSession(page);
  const worker = await attachToWorker(session);
  const before = heapUse(await worker<HeapUsage>("Runtime.getHeapUsage"));
  await worker("HeapProfiler.collectGarbage");
  const after = heapUse(await worker<HeapUsage>("Runtime.getHeapUsage"));
  await session.detach();
  return { before, after };
}

function heapUse({ usedSize, totalSize, embedderHeapUsedSize, backingStorageSize }: HeapUsage): HeapUse {
  return { used: usedSize, reserved: totalSize, buffers: backingStorageSize + embedderHeapUsedSize };
}

type Command = <Result>(method: string, params?: object) => Promise<Result>;

/** Playwright's sessions reach pages only; what is for a worker goes through the page's session as text. */
async function attachToWorker(session: CDPSession): Promise<Command> {
  const attached = new Promise<string>((resolve) => {
    session.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
      if (targetInfo.type === "worker") resolve(sessionId);
    });
  });
  await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const sessionId = await attached;
  let last = 0;
  const waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  session.on("Target.receivedMessageFromTarget", ({ message }) => {
    const answer = JSON.parse(message) as { id?: number; result?: never; error?: { message: string } };
    const caller = answer.id === undefined ? undefined : waiting.get(answer.id);
    if (answer.id === undefined || caller === undefined) return;
    waiting.delete(answer.id);
    if (answer.error === undefined) caller.resolve(answer.result as never);
    else caller.reject(new Error(answer.error.message));
  });
  return async (method, params = {}) => {
    const id = ++last;
    const answered = new Promise<never>((resolve, reject) => waiting.set(id, { resolve, reject }));
    await session.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method, params }) });
    return await answered;
  };
}

/**
 * Bytes that the renderer processes of this browser have written and share with nobody. Not the proportional size (PSS):
 * most of that is Chromium's own code, and the more browsers run the smaller is the share of each. Linux only.
 */
export async function memoryOfRenderers(browser: BrowserContext): Promise<number> {
  const owner = browser.browser();
  if (owner === null) throw new Error("this context has no browser of its own");
  const session = await owner.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  const sizes = await Promise.all(renderers.map(({ id }) => privateSize(id)));
  await session.detach();
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function privateSize(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
  const kibibytes = /^Private_Dirty:\s+(\d+) kB$/m.exec(rollup)?.[1];
  if (kibibytes === undefined) throw new Error(`the memory of process ${pid} cannot be read`);
  return Number(kibibytes) * 1024;
}
