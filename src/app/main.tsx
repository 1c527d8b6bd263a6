/** Entry of the page: theme, peer and words first, then the app. */
import { render } from "solid-js/web";
import { App } from "./app.tsx";
import { openPeer } from "../rpc/index.ts";
import { loadMessages } from "./i18n/index.tsx";
import { SITE } from "./site.ts";
import { noteFaults } from "./state/faults.ts";
import { applyTheme, language, theme } from "./state/preferences.ts";
import { watchForUpdates } from "./state/updates.ts";
import "./styles/index.css";

/** The page draws itself after this in any case, in milliseconds; a browser that is asked for a lock answers in a few. */
const LOCK_PATIENCE = 50;

applyTheme(theme());
// The peer takes as long to start as the page takes to fetch its words and to draw itself: both at the same time.
const peer = openPeer({ site: SITE });
noteFaults(peer.api, SITE);

const root = document.getElementById("app");
if (!root) throw new Error("The page has no element #app");
const patience = new Promise<void>((resolve) => {
  setTimeout(resolve, LOCK_PATIENCE);
});
// Drawing holds this thread for 50 to 100 ms, for which the worker would wait to be told that it is to start.
await Promise.all([loadMessages(language()), Promise.race([peer.asked, patience])]);
render(() => <App peer={peer} />, root);

// The server for development has no service worker.
if (import.meta.env.PROD) watchForUpdates(peer);
