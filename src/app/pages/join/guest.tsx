/** The way of whoever opens a code: an invitation is answered, an answer is used. */
import { A } from "@solidjs/router";
import { createEffect, createMemo, createSignal, type JSX, Match, on, Show, Switch } from "solid-js";
import type { NodeId, PeerApi } from "../../../peer/api.ts";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { createLiveValue } from "../../state/live.ts";
import { isolatedName } from "../../text/people.ts";
import { Linked } from "./linked.tsx";
import { createNow, PassOn } from "./pass-on.tsx";
import { createPerson, Person } from "./person.tsx";
import { Problem } from "./problem.tsx";
import { useJoinWords } from "./words.ts";

export function Guest(props: { code: string }): JSX.Element {
  const { t } = useJoinWords();
  const { api } = useConnection();
  const [inviter, setInviter] = createSignal<NodeId | null>(null);
  const [answer, setAnswer] = createSignal<{ readonly code: string; readonly expiresAt: number } | null>(null);
  const [problem, setProblem] = createSignal<string | null>(null);
  const [busy, setBusy] = createSignal(false);
  /** The other half came back to this device: there is nothing to decide. */
  const [accepted, setAccepted] = createSignal<NodeId | null>(null);
  const now = createNow();
  const network = createLiveValue(api, "network", () => ({}));
  const isLinked = (id: NodeId | null) =>
    network.value()?.connections.some(({ peer, transport }) => peer === id && transport === "webrtc") ?? false;
  const linked = createMemo(() => accepted() ?? (isLinked(inviter()) ? inviter() : null));
  const person = createPerson(() => linked() ?? inviter());
  const name = () => isolatedName(person());

  /** Another code may be opened while this one is read. */
  let turn = 0;

  async function open(peer: PeerApi, code: string): Promise<void> {
    const own = turn;
    try {
      const half = await peer.readInvite(code);
      if (half.kind === "answer") {
        const used = await peer.acceptAnswer(code);
        if (own === turn) setAccepted(used.peer);
      } else if (own === turn) {
        setInviter(half.peer);
      }
    } catch (error) {
      if (own === turn) setProblem(codeOf(error));
    }
  }

  createEffect(
    on([api, () => props.code], ([peer, code]) => {
      setInviter(null);
      setAnswer(null);
      setAccepted(null);
      setProblem(null);
      setBusy(false);
      // Also without a peer: what was asked for the code before is not this one's.
      turn++;
      if (peer !== undefined) void open(peer, code);
    }),
  );

  async function reply(): Promise<void> {
    const peer = api();
    if (peer === undefined || busy()) return;
    const own = turn;
    setBusy(true);
    try {
      const made = await peer.answerInvite(props.code);
      if (own === turn) setAnswer(made);
    } catch (error) {
      if (own === turn) setProblem(codeOf(error));
    } finally {
      if (own === turn) setBusy(false);
    }
  }

  return (
    <Switch fallback={<p role="status">{t("guest.reading")}</p>}>
      <Match when={linked()}>
        <Linked of={person()} />
      </Match>
      <Match when={problem()}>
        {(code) => (
          <Problem code={code()}>
            <A class="button" href="/join">
              {t("guest.title")}
            </A>
            <A class="button" href="/join?invite=1">
              {t("host.title")}
            </A>
          </Problem>
        )}
      </Match>
      <Match when={answer()}>
        {(made) => (
          <Show
            when={now() < made().expiresAt}
            fallback={
              <div class="note" role="status">
                <h2>{t("guest.late")}</h2>
                <p class="text-soft">{t("guest.late.text")}</p>
              </div>
            }
          >
            <section class="section" aria-labelledby="join-reply">
              <h2 id="join-reply">{t("guest.reply")}</h2>
              <p class="mb-4 max-w-measure text-sm text-soft">{t("guest.reply.text", { name: name() })}</p>
              <PassOn code={made().code} expiresAt={made().expiresAt} now={now()} />
              <p class="mt-4 text-sm" role="status">
                {t("guest.waiting", { name: name() })}
              </p>
            </section>
          </Show>
        )}
      </Match>
      <Match when={inviter()}>
        <section class="section grid gap-4" aria-labelledby="join-invited">
          <h2 id="join-invited">{t("guest.invited")}</h2>
          <Person of={person()} sentence={t("guest.by", { name: name() })} />
          <p class="max-w-measure text-sm text-soft">{t("guest.by.text")}</p>
          <div>
            <button type="button" class="button button-primary" disabled={busy()} onClick={() => void reply()}>
              {t(busy() ? "guest.answering" : "guest.answer")}
            </button>
          </div>
        </section>
      </Match>
    </Switch>
  );
}
