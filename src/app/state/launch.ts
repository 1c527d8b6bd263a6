/**
 * Launches of the installed app while it is open: by its icon, a shortcut, a web+mehr link, a share. The manifest asks the
 * browser to leave them to this window (`focus-existing`), which goes there without a reload.
 */
import { useNavigate } from "@solidjs/router";
import { createSignal, onMount } from "solid-js";
import { BASE, SITE } from "../site.ts";
import { holdsWords } from "./quiet.ts";

interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly targetURL?: string }) => void): void;
}

/** Where a launch leads that waits, because words on this page would be lost. */
const [heldLaunch, setHeldLaunch] = createSignal<string | null>(null);

export { heldLaunch };

export function stayHere(): void {
  setHeldLaunch(null);
}

/** Goes to a path within the app, once no words on this page would be lost. */
export function leadTo(path: string, navigate: (path: string) => void): void {
  if (holdsWords()) setHeldLaunch(path);
  else navigate(path);
}

/** Path within the app, without its base; `null` for what is not of the app. */
export function pathWithin(target: string, site: string, base: string): string | null {
  if (!URL.canParse(target)) return null;
  const url = new URL(target);
  const folder = new URL(site);
  if (url.origin !== folder.origin || !url.pathname.startsWith(folder.pathname)) return null;
  return url.pathname.slice(base.length) + url.search + url.hash;
}

export function createLaunches(): void {
  const navigate = useNavigate();
  onMount(() => {
    const queue = (window as { readonly launchQueue?: LaunchQueue }).launchQueue;
    // The launch that opened this page is told as well.
    const first = location.href;
    let opening = true;
    queue?.setConsumer(({ targetURL }) => {
      const atOnce = opening && targetURL === first;
      opening = false;
      if (atOnce || targetURL === undefined || targetURL === location.href) return;
      const path = pathWithin(targetURL, SITE, BASE);
      if (path !== null) leadTo(path, navigate);
    });
  });
}

/** Goes where the launch leads that waits. */
export function useHeldLaunch(): () => void {
  const navigate = useNavigate();
  return () => {
    const path = heldLaunch();
    setHeldLaunch(null);
    if (path !== null) navigate(path);
  };
}
