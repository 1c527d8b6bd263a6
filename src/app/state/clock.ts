/** The present time for relative dates, one timer for all of them. */
import { createSignal } from "solid-js";

/** Relative times speak of minutes; half of one keeps them true. */
const STEP = 30_000;

const [now, setNow] = createSignal(Date.now());
setInterval(() => setNow(Date.now()), STEP);

export { now };
