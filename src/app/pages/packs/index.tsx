/** Starter packs: opens the one that a link holds behind its `#`, where no server sees it, or makes one. */
import { useLocation } from "@solidjs/router";
import { createMemo, type JSX, Match, Switch } from "solid-js";
import { PageHead } from "../../components/page-head/index.tsx";
import { createTitle } from "../../state/title.ts";
import { readPack } from "../../text/packs.ts";
import { Maker } from "./maker.tsx";
import { Opened } from "./opened.tsx";
import { usePacksWords, WithWords } from "./words.ts";

function Ways(): JSX.Element {
  const { t } = usePacksWords();
  const location = useLocation();
  const text = () => location.hash.replace(/^#/, "");
  const pack = createMemo(() => (text() === "" ? null : readPack(text())));
  createTitle(() => t(text() === "" ? "title" : "title.open"));
  return (
    <Switch
      fallback={
        <>
          <PageHead title={t("title.open")} />
          <div class="page">
            <p class="note mt-6" role="alert">
              {t("unreadable")}
            </p>
          </div>
        </>
      }
    >
      <Match when={text() === ""}>
        <PageHead title={t("title")} lead={t("lead")} />
        <div class="page">
          <Maker />
        </div>
      </Match>
      <Match when={pack()} keyed>
        {(opened) => (
          <>
            <PageHead title={t("title.open")} lead={t("lead.open")} />
            <div class="page">
              <Opened pack={opened} />
            </div>
          </>
        )}
      </Match>
    </Switch>
  );
}

export default function Packs(): JSX.Element {
  return (
    <WithWords>
      <Ways />
    </WithWords>
  );
}
