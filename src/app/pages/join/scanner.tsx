/** Scans a code with the camera, or reads it from a picture file. The camera is on only while this is open. */
import { createSignal, type JSX, onCleanup, onMount, Show } from "solid-js";
import { Dialog } from "../../components/dialog/index.tsx";
import { FileField } from "../../components/file-field/index.tsx";
import { createQrReader } from "./qr-reader.ts";
import { useJoinWords } from "./words.ts";

/** Five looks a second: a hand holds still for longer, and a phone stays cool. */
const LOOK_EVERY = 200;

type State = "starting" | "looking" | "denied" | "none";

export default function Scanner(props: { onFound: (text: string) => void; onClose: () => void }): JSX.Element {
  const { t } = useJoinWords();
  const [state, setState] = createSignal<State>("starting");
  const [nothing, setNothing] = createSignal(false);
  const ended = new AbortController();
  let video!: HTMLVideoElement;
  let stream: MediaStream | null = null;

  async function look(): Promise<void> {
    const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
    if (mediaDevices === undefined) throw new DOMException("no camera", "NotFoundError");
    stream = await mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    if (ended.signal.aborted) return stop();
    video.srcObject = stream;
    await video.play();
    setState("looking");
    const read = await createQrReader();
    while (!ended.signal.aborted) {
      const found = await read(video);
      if (found !== null && !ended.signal.aborted) return props.onFound(found);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    }
  }

  function stop(): void {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
  }

  async function readFile(file: File): Promise<void> {
    setNothing(false);
    const picture = await createImageBitmap(file).catch(() => null);
    const found = picture === null ? null : await (await createQrReader())(picture);
    picture?.close();
    if (ended.signal.aborted) return;
    if (found === null) setNothing(true);
    else props.onFound(found);
  }

  onMount(() => {
    look().catch((error: unknown) => {
      if (ended.signal.aborted) return;
      const denied = error instanceof DOMException && error.name === "NotAllowedError";
      setState(denied ? "denied" : "none");
    });
  });
  onCleanup(() => {
    ended.abort();
    stop();
  });

  return (
    <Dialog title={t("scan.title")} onClose={() => props.onClose()}>
      <div class="grid gap-4">
        <p class="text-sm text-soft" role="status">
          <Show when={state() !== "looking"} fallback={t("scan.text")}>
            {t(state() === "starting" ? "scan.starting" : state() === "denied" ? "scan.denied" : "scan.none")}
          </Show>
        </p>
        <video
          ref={video}
          class="scan-view"
          aria-label={t("scan.view")}
          hidden={state() !== "looking"}
          muted
          playsinline
        />
        <FileField
          label={t("scan.file")}
          accept="image/*"
          problem={nothing() ? t("scan.nothing") : undefined}
          onFile={(file) => {
            if (file !== undefined) void readFile(file);
          }}
        />
      </div>
    </Dialog>
  );
}
