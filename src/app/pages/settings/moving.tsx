/** The ways to another device, from other places, and to others. */
import { A } from "@solidjs/router";
import { For, type JSX } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";

const WAYS = [
  { href: "/devices", words: "moving.device", text: "moving.device.text" },
  { href: "/arrive", words: "moving.arrive", text: "moving.arrive.text" },
  { href: "/packs", words: "moving.packs", text: "moving.packs.text" },
] as const;

export function Moving(): JSX.Element {
  const { t } = useI18n();
  return (
    <section class="section" id="moving">
      <h2>{t("moving.title")}</h2>
      <ul class="rows mt-3">
        <For each={WAYS}>
          {(way) => (
            <li>
              <A class="row-link" href={way.href}>
                <span class="grid">
                  <span class="row-name">{t(way.words)}</span>
                  <span class="text-sm text-faint">{t(way.text)}</span>
                </span>
              </A>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}
