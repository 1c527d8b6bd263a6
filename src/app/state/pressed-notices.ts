/** Goes where a notice of the system leads that the person has pressed, in this tab. */
import { useNavigate } from "@solidjs/router";
import { onCleanup, onMount } from "solid-js";
import { onSystemNoticePressed } from "../../rpc/system-notices.ts";
import { leadTo } from "./launch.ts";

export function createPressedNotices(): void {
  const navigate = useNavigate();
  onMount(() => {
    // Insecure contexts have none.
    if ("serviceWorker" in navigator) onCleanup(onSystemNoticePressed((path) => leadTo(path, navigate)));
  });
}
