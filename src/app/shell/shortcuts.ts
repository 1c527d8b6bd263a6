/** Listens for shortcuts wherever nobody is typing. */
import { useNavigate } from "@solidjs/router";
import { onCleanup, onMount } from "solid-js";
import { dismiss, notices } from "../state/notices.ts";
import { type Command, commandOf } from "./shortcut-keys.ts";
import { TypedAhead } from "./typed-ahead.ts";

const SEARCH_FIELD = "[data-search-field]";
/** The text of a post. */
const TEXT_FIELD = "textarea.composer-text";

/** Fields that take no letters: whoever has just marked something or chosen a file can still take it back by a key. */
const WORDLESS = new Set(["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"]);

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !WORDLESS.has(target.type);
  return target instanceof HTMLElement && (target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName));
}

function articles(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[role="feed"] article, .thread article')];
}

/** The article that has the focus, else the first that begins on screen. */
function currentIndex(all: readonly HTMLElement[]): number {
  const focused = document.activeElement?.closest("article");
  return focused ? all.indexOf(focused) : -1;
}

function step(by: 1 | -1) {
  const all = articles();
  const current = currentIndex(all);
  const target = current === -1 ? all.find((article) => article.getBoundingClientRect().top >= 0) : all[current + by];
  if (!target) return;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest" });
}

function openCurrent(): boolean {
  const article = document.activeElement;
  if (!(article instanceof HTMLElement) || article.tagName !== "ARTICLE") return false;
  article.querySelector<HTMLElement>("a.envelope-open")?.click();
  return true;
}

/** What a notice offers: it stands behind everything else of the page, and is gone before Tab gets there from the middle of a feed. */
function takeNotice(): boolean {
  const notice = notices().find(({ action }) => action !== undefined);
  if (notice?.action === undefined) return false;
  notice.action.run();
  dismiss(notice.id);
  return true;
}

export function createShortcuts(actions: { readonly showHelp: () => void }): void {
  const navigate = useNavigate();
  let leadAt: number | null = null;
  const ahead = new TypedAhead();

  /** Whether the key was used. */
  function run(command: Command, at: number): boolean {
    switch (command) {
      case "next":
        step(1);
        return true;
      case "previous":
        step(-1);
        return true;
      case "open":
        return openCurrent();
      case "write":
        if (document.querySelector(TEXT_FIELD) === null) ahead.begin(TEXT_FIELD, at);
        navigate("/write");
        return true;
      case "home":
        navigate("/");
        return true;
      case "inbox":
        navigate("/inbox");
        return true;
      case "network":
        navigate("/network");
        return true;
      case "search": {
        // Whoever is there already wants the field.
        const field = document.querySelector<HTMLInputElement>(SEARCH_FIELD);
        if (field !== null) field.select();
        else {
          ahead.begin(SEARCH_FIELD, at);
          navigate("/search");
        }
        return true;
      }
      case "explore":
        navigate("/explore");
        return true;
      case "undo":
        return takeNotice();
      case "help":
        actions.showHelp();
        return true;
      case "escape":
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        return false;
    }
  }

  function onKey(event: KeyboardEvent) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (ahead.take(event)) {
      event.preventDefault();
      return;
    }
    const result = commandOf(event.key, event.timeStamp, leadAt);
    leadAt = result.leadAt;
    if (result.command && run(result.command, event.timeStamp)) event.preventDefault();
  }

  function onFocus({ target }: FocusEvent) {
    if (isTyping(target) && (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement))
      ahead.give(target);
  }

  /** Who points at something does not wait for what the key led to. */
  const onPointer = () => ahead.end();

  onMount(() => {
    document.addEventListener("pointerdown", onPointer);
    document.addEventListener("keydown", onKey);
    document.addEventListener("focusin", onFocus);
  });
  onCleanup(() => {
    document.removeEventListener("pointerdown", onPointer);
    document.removeEventListener("keydown", onKey);
    document.removeEventListener("focusin", onFocus);
  });
}
