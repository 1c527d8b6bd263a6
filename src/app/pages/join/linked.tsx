/** The end of both ways: the two are linked. */
import { A } from "@solidjs/router";
import type { JSX } from "solid-js";
import type { NodeId } from "../../../peer/api.ts";
import { Person } from "./person.tsx";
import { useJoinWords } from "./words.ts";

export function Linked(props: { peer: NodeId; name: string }): JSX.Element {
  const { t } = useJoinWords();
  return (
    <div class="note" role="status" data-linked={props.peer}>
      <h2>{t("linked.title")}</h2>
      <Person id={props.peer} name={props.name} />
      <p class="text-soft">{t("linked.text", { name: props.name })}</p>
      <div class="flex flex-wrap gap-3">
        <A class="button button-primary" href="/">
          {t("linked.feed")}
        </A>
        <A class="button" href={`/u/${props.peer}`}>
          {t("linked.person")}
        </A>
      </div>
    </div>
  );
}
