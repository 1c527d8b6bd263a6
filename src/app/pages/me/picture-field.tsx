/** Chooses the picture of one's own profile: by the file dialog, or dropped. */
import { createSignal, createUniqueId, type JSX, onCleanup, Show } from "solid-js";
import { Mark } from "../../components/mark/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { PictureError, type PictureProblem } from "../../media/picture.ts";
import { squared } from "./square.ts";

/** The picture as it will be saved: bytes, `null` for none, `undefined` for the one that there is. */
export type ChosenPicture = Uint8Array | null | undefined;

export function PictureField(props: {
  id: string;
  /** Hash of the picture that the profile has now. */
  avatar: string | null;
  chosen: ChosenPicture;
  onChoose: (picture: ChosenPicture) => void;
}): JSX.Element {
  const { t } = useI18n();
  const fieldId = createUniqueId();
  const [shown, setShown] = createSignal<string | null>(null);
  const [problem, setProblem] = createSignal<PictureProblem | null>(null);
  const [working, setWorking] = createSignal(false);
  const [over, setOver] = createSignal(false);
  let latest = 0;
  const show = (bytes: Uint8Array | null) => {
    const before = shown();
    if (before !== null) URL.revokeObjectURL(before);
    setShown(bytes === null ? null : URL.createObjectURL(new Blob([new Uint8Array(bytes)])));
  };
  onCleanup(() => show(null));
  const has = () => (props.chosen === undefined ? props.avatar !== null : props.chosen !== null);

  async function take(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    const turn = ++latest;
    setProblem(null);
    setWorking(true);
    try {
      const bytes = await squared(file);
      // Another one was chosen while this one was made small.
      if (turn !== latest) return;
      show(bytes);
      props.onChoose(bytes);
    } catch (error) {
      if (turn !== latest) return;
      setProblem(error instanceof PictureError ? error.code : "PICTURE_BROKEN");
    } finally {
      if (turn === latest) setWorking(false);
    }
  }

  function remove(): void {
    latest++;
    setWorking(false);
    setProblem(null);
    show(null);
    props.onChoose(null);
  }

  return (
    <div class="field">
      <span id={`${fieldId}-label`}>{t("picture.label")}</span>
      <div
        class="picture-field"
        role="group"
        aria-labelledby={`${fieldId}-label`}
        data-over={over() ? "" : undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void take(event.dataTransfer?.files[0]);
        }}
      >
        <div class="profile-mark">
          <Show when={shown()} fallback={<Mark id={props.id} avatar={props.chosen === null ? null : props.avatar} />}>
            {(address) => <img class="mark" src={address()} alt="" width={48} height={48} />}
          </Show>
        </div>
        <div class="flex flex-wrap gap-2">
          <input
            id={fieldId}
            type="file"
            accept="image/png,image/jpeg,image/webp"
            aria-describedby={`${fieldId}-hint`}
            onChange={(event) => {
              void take(event.currentTarget.files?.[0]);
              // The same file may be chosen again after another one.
              event.currentTarget.value = "";
            }}
          />
          <label for={fieldId} class="button">
            {t(working() ? "picture.working" : has() ? "picture.change" : "picture.choose")}
          </label>
          <Show when={has()}>
            <button type="button" class="button button-quiet" onClick={remove}>
              {t("picture.remove")}
            </button>
          </Show>
        </div>
      </div>
      <p id={`${fieldId}-hint`} class="field-hint">
        {t("picture.hint")}
      </p>
      <Show when={problem()}>
        {(code) => (
          <p role="alert" class="text-sm text-danger">
            {t(`picture.${code()}`)}
          </p>
        )}
      </Show>
    </div>
  );
}
