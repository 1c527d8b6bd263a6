/** Mutes people, places, topics and conversations, many at once: what is not understood stays in the field, and is told line by line. */
import { createSignal, For, type JSX, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { useSession } from "../../state/session.tsx";
import { displayLine } from "../../text/display.ts";
import { type BadLine, readLines } from "./lines.ts";
import { LinesForm } from "./lines-form.tsx";
import type { Mutes } from "./rows.ts";
import { useMutesWords } from "./words.ts";

/** Lines that are told of; the others follow when these are mended. */
const NAMED = 8;
/** Characters of a line that are told: enough to find it by. */
const TOLD = 48;

export function AddMany(props: { mutes: Mutes }): JSX.Element {
  const { number } = useI18n();
  const { t: w } = useMutesWords();
  const { identity } = useSession();
  const [bad, setBad] = createSignal<readonly BadLine[]>([]);

  function read(text: string) {
    const lines = readLines(text, identity()?.id);
    setBad(lines.bad);
    return { targets: lines.targets, left: lines.bad.map(({ line }) => line).join("\n") };
  }
  function told({ line, problem: why }: BadLine): string {
    const shown = displayLine(line);
    const begin = shown.length > TOLD ? `${shown.slice(0, TOLD).toWellFormed()}…` : shown;
    return w(`many.problem.${why}`, { line: `\u2068${begin}\u2069` });
  }

  return (
    <LinesForm
      id="many"
      title={w("many")}
      label={w("many.lines")}
      hint={w("many.hint")}
      add={w("many.add")}
      isNames
      mutes={props.mutes}
      read={read}
      told={(count) => w(count === 1 ? "many.added_one" : "many.added_other", { count: number(count) })}
      isBad={bad().length > 0}
      bad={
        <Show when={bad().length > 0}>
          <p>{w("many.left")}</p>
          <ul class="bad-lines">
            <For each={bad().slice(0, NAMED)}>{(line) => <li>{told(line)}</li>}</For>
          </ul>
          <Show when={bad().length > NAMED}>
            <p>
              {w(bad().length === NAMED + 1 ? "preview.more_one" : "preview.more_other", {
                count: number(bad().length - NAMED),
              })}
            </p>
          </Show>
        </Show>
      }
    />
  );
}
