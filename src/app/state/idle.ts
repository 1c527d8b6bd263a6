/** Work that nobody waits for, one piece after another, between everything that somebody does wait for. */

const waiting = new Set<() => void>();
let asked = false;

/** Safari has no idle callbacks: a pause of a frame or two serves as well. */
const ask: (run: () => void) => void =
  "requestIdleCallback" in globalThis ? (run) => void requestIdleCallback(run) : (run) => void setTimeout(run, 50);

function next(): void {
  asked = false;
  const [task] = waiting;
  if (task === undefined) return;
  waiting.delete(task);
  look();
  task();
}

function look(): void {
  if (asked || waiting.size === 0) return;
  asked = true;
  ask(next);
}

/** Runs `task` once there is nothing better to do. The returned function gives it up. */
export function whenIdle(task: () => void): () => void {
  const own = () => task();
  waiting.add(own);
  look();
  return () => waiting.delete(own);
}
