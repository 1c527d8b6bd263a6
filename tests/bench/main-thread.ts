/**
 * What the main thread of a page does, task by task, as the browser itself traces it. Frames come late on a machine without
 * a graphics card, or with other work, whatever a page does; a task is the page's own, and its time on the processor is so
 * even where others want the processor too.
 */
import type { CDPSession, Page } from "@playwright/test";

/** Of one task, in ms. */
export interface Task {
  /** From its beginning to its end, and of that how long its thread was on a processor. */
  readonly wall: number;
  readonly cpu: number;
  /** What it consisted of, longest first: `Layout 12.3`. */
  readonly parts: readonly string[];
}

/** As the trace has it; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string; readonly data?: { readonly frames?: readonly { processId?: number }[] } };
}

/** Where `RunTask` is, and what DevTools shows within it. */
const CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline", "__metadata"];
/** Parts that are told of a task, and the least that is worth telling, in microseconds. */
const PARTS = { most: 5, least: 500 } as const;

/** All tasks of the page's main thread while `act` runs. */
export async function tasksWhile<Value>(
  page: Page,
  act: () => Promise<Value>,
): Promise<{ value: Value; tasks: Task[] }> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => void events.push(...(value as unknown as TraceEvent[])));
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { recordMode: "recordUntilFull", includedCategories: CATEGORIES },
  });
  let value: Value;
  try {
    value = await act();
  } finally {
    await ended(session);
    await session.detach();
  }
  return { value, tasks: tasksIn(events) };
}

/** The one that was longest on a processor. */
export function costliestOf(tasks: readonly Task[]): Task {
  return tasks.reduce((most, task) => (task.cpu > most.cpu ? task : most), { wall: 0, cpu: 0, parts: [] });
}

export function told({ cpu, parts, wall }: Task): string {
  return `${cpu.toFixed(1)} ms on a processor, ${wall.toFixed(1)} ms in all (${parts.join(", ")})`;
}

async function ended(session: CDPSession): Promise<void> {
  const complete = new Promise<void>((resolve) => session.once("Tracing.tracingComplete", () => resolve()));
  await session.send("Tracing.end");
  await complete;
}

function tasksIn(events: readonly TraceEvent[]): Task[] {
  const started = events.find(({ name }) => name === "TracingStartedInBrowser");
  const pid = started?.args.data?.frames?.[0]?.processId;
  const main = events.find(
    (event) => event.name === "thread_name" && event.pid === pid && event.args.name === "CrRendererMain",
  );
  if (main === undefined) throw new Error("the trace does not tell which thread is the page's");
  const own = events
    .filter(({ ph, pid: process, tid }) => ph === "X" && process === pid && tid === main.tid)
    .toSorted((a, b) => a.ts - b.ts);
  const tasks: Task[] = [];
  for (const [at, event] of own.entries()) {
    if (event.name !== "RunTask") continue;
    const times = new Map<string, number>();
    for (let inner = at + 1; inner < own.length; inner += 1) {
      const { dur = 0, name, ts } = own[inner]!;
      if (ts >= event.ts + (event.dur ?? 0)) break;
      times.set(name, (times.get(name) ?? 0) + dur);
    }
    const parts = [...times]
      .filter(([, time]) => time >= PARTS.least)
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, PARTS.most)
      .map(([name, time]) => `${name} ${(time / 1_000).toFixed(1)}`);
    tasks.push({ wall: (event.dur ?? 0) / 1_000, cpu: (event.tdur ?? 0) / 1_000, parts });
  }
  return tasks;
}
