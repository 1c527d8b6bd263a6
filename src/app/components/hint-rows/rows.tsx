/**
 * What neighbours hold for a feed and have not sent: a row for each headline, a button for all the rest, and a line that says
 * why. Nothing is shown where posts come in full and nothing is missing.
 */
import { A, useNavigate } from "@solidjs/router";
import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import type { FeedSpec, HashText, HintView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { createLiveValue } from "../../state/live.ts";
import { notify } from "../../state/notices.ts";
import { displayLine } from "../../text/display.ts";
import { Icon } from "../icon/index.tsx";

/** Shown at first: whoever saves data does not scroll past fifty headlines to what is here already. */
const FEW = 5;

export function HintRows(props: { feed: FeedSpec }): JSX.Element {
  const { t, number } = useI18n();
  const { api } = useConnection();
  const navigate = useNavigate();
  const titleId = createUniqueId();
  // The page makes this anew for another feed.
  // eslint-disable-next-line solid/reactivity
  const params = { feed: props.feed };
  const hints = createLiveValue(api, "hints", () => params);
  /** What is being loaded: the hash of a row, or everything. */
  const [loading, setLoading] = createSignal<HashText | "all" | null>(null);

  const rows = () => (hints.value()?.headlines ?? []).slice(0, FEW);
  const rest = () => (hints.value()?.headlines.length ?? 0) - rows().length + (hints.value()?.more ?? 0);
  const thrifty = () => {
    const mode = hints.value()?.mode;
    return mode === undefined || mode === "push" ? null : mode;
  };

  async function load(which: HashText | "all"): Promise<boolean> {
    const peer = api();
    if (!peer || loading() !== null) return false;
    setLoading(which);
    try {
      const hashes = which === "all" ? {} : { hashes: [which] };
      const { missing } = await peer.loadHints({ ...params, ...hashes });
      if (missing > 0)
        notify(t(missing === 1 ? "hints.missing_one" : "hints.missing_other", { count: number(missing) }));
      return missing === 0;
    } catch (error) {
      const code = codeOf(error);
      notify(code === "OFFLINE" ? t("hints.offline") : t("settings.failed", { code }));
      return false;
    } finally {
      setLoading(null);
    }
  }

  async function open(hash: HashText): Promise<void> {
    if (await load(hash)) navigate(`/p/${hash}`, { state: { read: true } });
  }

  /** Under the cover of a mute is the post itself, once it has come. */
  const textOf = ({ headline, muted }: HintView) => {
    if (muted !== null) return t("cover.WORD_MUTED", { by: `\u2068${displayLine(muted)}\u2069` });
    return headline === null ? t("hints.none") : displayLine(headline);
  };

  const restText = () => {
    const count = rest();
    const kind = rows().length > 0 ? "more" : "all";
    return t(count === 1 ? `hints.${kind}_one` : `hints.${kind}_other`, { count: number(count) });
  };

  return (
    <Show when={thrifty() !== null || rows().length + rest() > 0}>
      <section class="hints" aria-labelledby={titleId} aria-busy={loading() !== null}>
        <h2 id={titleId} class="hints-title">
          {t(rows().length + rest() > 0 ? "hints.title" : "hints.title.none")}
        </h2>
        <Show when={thrifty()}>
          {(mode) => (
            <p class="text-sm text-soft">
              {t(`hints.mode.${mode()}`)} {t(`hints.by.${hints.value()?.by ?? "links"}`)}{" "}
              <A class="link" href="/settings#low-data">
                {t("hints.change")}
              </A>
            </p>
          )}
        </Show>
        <Show when={rows().length > 0}>
          <ul class="hint-rows">
            <For each={rows()}>
              {(row) => (
                <li>
                  <button
                    type="button"
                    class="hint-row"
                    disabled={loading() !== null}
                    onClick={() => void open(row.hash)}
                  >
                    <Icon name="down" small />
                    <span class="isolate-text" dir="auto">
                      {textOf(row)}
                    </span>
                    <Show when={loading() === row.hash}>
                      <span class="text-xs text-faint">{t("hints.loading")}</span>
                    </Show>
                  </button>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <Show when={rest() > 0}>
          <div>
            <button
              type="button"
              class="button button-small"
              disabled={loading() !== null}
              onClick={() => void load("all")}
            >
              {loading() === "all" ? t("hints.loading") : restText()}
            </button>
          </div>
        </Show>
      </section>
    </Show>
  );
}
