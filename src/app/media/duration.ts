/** How long sound or film lasts, as the browser reads it. */

/** Files of 64 KiB tell it at once; one that does not is left without. */
const PATIENCE = 3_000;

/** Milliseconds; `null` where the browser cannot play it, or it does not say. */
export function durationOf(bytes: Uint8Array, contentType: string): Promise<number | null> {
  const url = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: contentType }));
  const player = document.createElement(contentType.startsWith("video/") ? "video" : "audio");
  return new Promise((resolve) => {
    const end = (duration: number | null): void => {
      clearTimeout(timer);
      player.removeAttribute("src");
      URL.revokeObjectURL(url);
      resolve(duration);
    };
    const timer = setTimeout(() => end(null), PATIENCE);
    player.preload = "metadata";
    player.addEventListener("loadedmetadata", () => {
      const { duration } = player;
      end(Number.isFinite(duration) && duration > 0 ? Math.round(duration * 1_000) : null);
    });
    player.addEventListener("error", () => end(null));
    player.src = url;
  });
}
