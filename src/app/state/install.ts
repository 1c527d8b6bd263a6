/** Installing the app: what the browser offers is kept for a quiet moment of the person's own choice. */
import { createSignal } from "solid-js";
import { afterVisit, type InstallMemory, isOffered, readMemory } from "./install-offer.ts";

/** Chromium's event; other browsers have none. */
interface InstallPrompt extends Event {
  prompt(): Promise<{ readonly outcome: "accepted" | "dismissed" }>;
}

/**
 * `prompt`: the browser asks when we say so; `hint`: on an iPhone or iPad the person does it by hand; `installed`: it is;
 * `none`: the browser offers nothing to pages.
 */
export type InstallWay = "prompt" | "hint" | "installed" | "none";

const KEY = "mehr.install";

const [kept, setKept] = createSignal<InstallPrompt | null>(null);
const [installed, setInstalled] = createSignal(runsInstalled());
const [memory, setMemory] = createSignal(remember(afterVisit(readMemory(localStorage.getItem(KEY)), today())));

window.addEventListener("beforeinstallprompt", (event) => {
  // Else some browsers show a bar of their own at once.
  event.preventDefault();
  setKept(event as InstallPrompt);
});
window.addEventListener("appinstalled", () => {
  setKept(null);
  setInstalled(true);
});

/** Safari's word for it, on iPhone and iPad only. */
function standaloneOnIos(): boolean | undefined {
  return (navigator as { readonly standalone?: boolean }).standalone;
}

export function runsInstalled(): boolean {
  return window.matchMedia("(display-mode: standalone)").matches || standaloneOnIos() === true;
}

function today(): string {
  const now = new Date();
  const pad = (part: number): string => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}

function remember(next: InstallMemory): InstallMemory {
  localStorage.setItem(KEY, JSON.stringify(next));
  return next;
}

export function installWay(): InstallWay {
  if (installed()) return "installed";
  if (kept() !== null) return "prompt";
  return standaloneOnIos() === false ? "hint" : "none";
}

/** Whether the moment has come to offer it without having been asked. */
export function installOffered(): boolean {
  const way = installWay();
  return (way === "prompt" || way === "hint") && isOffered(memory(), Date.now());
}

/** Has the browser ask the person; an offer turned down there is turned down here. */
export async function install(): Promise<void> {
  const prompt = kept();
  if (prompt === null) return;
  // It can be used once; the browser gives another one when it sees fit.
  setKept(null);
  const { outcome } = await prompt.prompt();
  if (outcome === "dismissed") putOffInstall();
}

export function putOffInstall(): void {
  setMemory((before) => remember({ ...before, dismissedAt: Date.now() }));
}

/** The person has published something: the app is of use. */
export function notePosted(): void {
  if (!memory().posted) setMemory((before) => remember({ ...before, posted: true }));
}
