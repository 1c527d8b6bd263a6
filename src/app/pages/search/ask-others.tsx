/** Asks others for what they hold by a person or of a place: only when somebody presses, since it tells them what is looked for. */
import { createEffect, createSignal, type JSX, on, onCleanup, Show } from "solid-js";
import type { FindQuery } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { scopePath } from "../../text/scopes.ts";
import type { Sought } from "./address.ts";
import { createName } from "./filters.tsx";

type State =
  | { readonly kind: "idle" | "asking" }
  | { readonly kind: "done"; readonly found: number; readonly answered: number; readonly more: boolean }
  | { readonly kind: "failed"; readonly code: string };

/** What can be asked of others: by whom first, since that finds more. */
export function askable({ author, scope }: Pick<Sought, "author" | "scope">): FindQuery | null {
  if (author !== null) return { relation: "author", target: author };
  return scope === null ? null : { relation: "scope", target: scope };
}

export function AskOthers(props: { query: FindQuery }): JSX.Element {
  const { t, number } = useI18n();
  const { api } = useConnection();
  const [state, setState] = createSignal<State>({ kind: "idle" });
  const name = createName(() => (props.query.relation === "author" ? props.query.target : null));
  let asking: AbortController | undefined;

  createEffect(
    on(
      () => props.query.target,
      () => {
        setState({ kind: "idle" });
        onCleanup(() => asking?.abort());
      },
    ),
  );

  async function ask(): Promise<void> {
    const peer = api();
    if (!peer || state().kind === "asking") return;
    const { signal } = (asking = new AbortController());
    setState({ kind: "asking" });
    try {
      const { answered, found, more } = await peer.find(props.query, { signal });
      if (!signal.aborted) setState({ kind: "done", found, answered, more });
    } catch (error) {
      if (!signal.aborted) setState({ kind: "failed", code: codeOf(error) });
    }
  }
  const what = () =>
    props.query.relation === "author"
      ? t("search.ask.author", { name: `\u2068${name()}\u2069` })
      : t("search.ask.scope", { name: `\u2068${scopePath(props.query.target)}\u2069` });
  const outcome = (): string => {
    const now = state();
    switch (now.kind) {
      case "idle":
        return t("search.ask.hint");
      case "asking":
        return t("search.ask.asking");
      case "failed":
        return now.code === "OFFLINE" ? t("search.ask.offline") : t("search.ask.failed", { code: now.code });
      case "done":
        if (now.answered === 0) return t("search.ask.nobody");
        if (now.found === 0) return t("search.ask.nothing");
        return t(now.found === 1 ? "search.ask.found_one" : "search.ask.found_other", { count: number(now.found) });
    }
  };
  const more = () => {
    const now = state();
    return now.kind === "done" && now.more;
  };

  return (
    <div class="search-ask">
      <button type="button" class="button" aria-disabled={state().kind === "asking"} onClick={() => void ask()}>
        {what()}
      </button>
      <p class="field-hint" role="status">
        {outcome()} <Show when={more()}>{t("search.ask.more")}</Show>
      </p>
    </div>
  );
}
