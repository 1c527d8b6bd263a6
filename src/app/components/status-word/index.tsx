/** One word about the connection, which explains itself when pressed. */
import { A } from "@solidjs/router";
import { createSignal, createUniqueId, type JSX, onCleanup, onMount, Show } from "solid-js";
import { type Messages, useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { notify } from "../../state/notices.ts";
import { useSession } from "../../state/session.tsx";
import { codeOf } from "../../state/errors.ts";

type Word = "online" | "few" | "searching" | "offline" | "starting" | "locked";

/** With one or two links a single departure can cut a person off; with three it cannot. */
const ENOUGH_PEERS = 3;

export function useStatusWord(): () => Word {
  const { status } = useSession();
  const { locked } = useConnection();
  return () => {
    if (locked()) return "locked";
    const current = status();
    if (!current) return "starting";
    if (current.state !== "online") return current.state;
    return current.peers < ENOUGH_PEERS ? "few" : "online";
  };
}

export function StatusWord(): JSX.Element {
  const { t, number } = useI18n();
  const { status } = useSession();
  const { api } = useConnection();
  const word = useStatusWord();
  const panelId = createUniqueId();
  const [open, setOpen] = createSignal(false);
  let root!: HTMLDivElement;
  let button!: HTMLButtonElement;

  const text = () => t(`status.${word()}`);
  const count = (key: "status.peers" | "status.waiting", amount: number) =>
    t(`${key}_${amount === 1 ? "one" : "other"}` as keyof Messages, { count: number(amount) });

  function onPointer(event: PointerEvent) {
    if (event.target instanceof Node && !root.contains(event.target)) setOpen(false);
  }
  onMount(() => document.addEventListener("pointerdown", onPointer));
  onCleanup(() => document.removeEventListener("pointerdown", onPointer));

  function onKey(event: KeyboardEvent) {
    if (event.key !== "Escape" || !open()) return;
    event.preventDefault();
    setOpen(false);
    button.focus();
  }

  return (
    <div ref={root} class="relative" onKeyDown={onKey}>
      <button
        ref={button}
        type="button"
        class="status-word"
        aria-expanded={open()}
        aria-controls={panelId}
        aria-label={t("status.label", { word: text() })}
        onClick={() => setOpen(!open())}
      >
        <span class="status-dot" data-state={word() === "few" ? "online" : word()} />
        <span>{text()}</span>
      </button>
      <div id={panelId} class="status-panel rise" hidden={!open()}>
        <p class="text-ink">{t(`status.${word()}.text`)}</p>
        <Show when={status()}>
          {(current) => (
            <p>
              {count("status.peers", current().peers)}
              <Show when={current().waiting > 0}>
                <br />
                {count("status.waiting", current().waiting)}
              </Show>
            </p>
          )}
        </Show>
        <div class="flex flex-wrap gap-2">
          <A class="button button-small" href="/network" onClick={() => setOpen(false)}>
            {t("status.details")}
          </A>
          <Show when={word() === "offline" || word() === "searching"}>
            <button
              type="button"
              class="button button-small"
              onClick={() =>
                void api()
                  ?.reconnect()
                  .catch((error: unknown) => notify(t("settings.failed", { code: codeOf(error) })))
              }
            >
              {t("status.reconnect")}
            </button>
          </Show>
        </div>
      </div>
    </div>
  );
}
