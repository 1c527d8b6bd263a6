/**
 * How long the threads of a browser were busy with one task, from the browser's own trace. The processor's time of the thread
 * counts, not the time on the wall: on a machine that has more to do than cores, a task that waits for one is no slower.
 */
import type { Browser, Page } from "@playwright/test";

export interface LongestTasks {
  /** Milliseconds on the main threads of pages, and on the threads of workers. */
  readonly page: number;
  readonly worker: number;
}

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds since some moment. */
  readonly ts: number;
  /** Microseconds of the processor; missing where the system does not tell. */
  readonly tdur?: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

const TASK = "ThreadControllerImpl::RunTask";

/** Watches all threads of a browser while `during` runs. One at a time. */
export async function longestTasks(browser: Browser, page: Page, during: () => Promise<void>): Promise<LongestTasks> {
  await browser.startTracing(page, { categories: ["toplevel", "__metadata"] });
  const began = performance.now();
  const failed = await during().then(
    () => null,
    (error: unknown) => ({ error }),
  );
  const took = performance.now() - began;
  const trace = await browser.stopTracing();
  if (failed !== null) throw failed.error;
  const { traceEvents } = JSON.parse(trace.toString("utf8")) as { traceEvents: TraceEvent[] };
  const threads = new Map<string, string>();
  for (const { args, name, ph, pid, tid } of traceEvents) {
    if (ph === "M" && name === "thread_name") threads.set(`${pid} ${tid}`, args?.name ?? "");
  }
  const times = traceEvents.filter(({ name }) => name === TASK).map(({ ts }) => ts);
  const first = times.reduce((least, ts) => Math.min(least, ts), Number.POSITIVE_INFINITY);
  const seen = (times.reduce((most, ts) => Math.max(most, ts), 0) - first) / 1_000;
  // A trace that was full before the end has not seen what it is there for.
  if (!(seen > took * 0.9)) throw new Error(`the trace tells of ${Math.round(seen)} ms of ${Math.round(took)}`);
  const longest = (thread: RegExp): number =>
    traceEvents
      .filter(({ name, pid, tid }) => name === TASK && thread.test(threads.get(`${pid} ${tid}`) ?? ""))
      .reduce((most, { dur = 0, tdur = dur }) => Math.max(most, tdur / 1_000), 0);
  return { page: longest(/^CrRendererMain/), worker: longest(/^DedicatedWorker/) };
}
