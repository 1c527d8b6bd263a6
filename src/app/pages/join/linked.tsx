/** The end of both ways: the two are linked. */
import { A } from "@solidjs/router";
import type { JSX } from "solid-js";
import { isolatedName, type Named } from "../../text/people.ts";
import { Person } from "./person.tsx";
import { useJoinWords } from "./words.ts";

export function Linked(props: { of: Named }): JSX.Element {
  const { t } = useJoinWords();
  return (
    <div class="note" role="status" data-linked={props.of.id}>
      <h2>{t("linked.title")}</h2>
      <Person of={props.of} sentence={isolatedName(props.of)} />
      <p class="text-soft">{t("linked.text", { name: isolatedName(props.of) })}</p>
      <div class="flex flex-wrap gap-3">
        <A class="button button-primary" href="/">
          {t("linked.feed")}
        </A>
        <A class="button" href={`/u/${props.of.id}`}>
          {t("linked.person")}
        </A>
      </div>
    </div>
  );
}
