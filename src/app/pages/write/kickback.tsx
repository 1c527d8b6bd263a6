/** The author's share of what readers pay to whoever keeps a post for them, in plain words. */
import { createUniqueId, For, type JSX } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";

/** Of 255: nothing, a quarter, half, three quarters, everything. Scripts may choose between. */
const RATES = [0, 64, 128, 191, 255] as const;
const WHOLE = 255;

export function KickbackField(props: { value: number; onChange: (rate: number) => void }): JSX.Element {
  const { t, number } = useI18n();
  const name = createUniqueId();
  const percent = (rate: number) => t("write.kickback.percent", { percent: number(Math.round((rate / WHOLE) * 100)) });
  const rates = () =>
    RATES.some((rate) => rate === props.value) ? RATES : [...RATES, props.value].toSorted((a, b) => a - b);
  return (
    <details class="kickback">
      <summary>{t("write.kickback", { percent: percent(props.value) })}</summary>
      <fieldset class="kickback-choice" aria-describedby={`${name}-hint`}>
        <legend class="visually-hidden">{t("write.kickback.choice")}</legend>
        <p id={`${name}-hint`} class="field-hint">
          {t("write.kickback.hint")}
        </p>
        <div class="choices">
          <For each={rates()}>
            {(rate) => (
              <label class="choice">
                <input type="radio" name={name} checked={props.value === rate} onChange={() => props.onChange(rate)} />
                <span>{percent(rate)}</span>
              </label>
            )}
          </For>
        </div>
      </fieldset>
    </details>
  );
}
