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

applyTheme(theme());
// The peer takes as long to start as the page takes to fetch its words and to draw itself: both at the same time.
const peer = openPeer({ site: SITE });
noteFaults(peer.api, SITE);

const root = document.getElementById("app");
if (!root) throw new Error("The page has no element #app");
await loadMessages(language());
render(() => <App peer={peer} />, root);

// The server for development has no service worker.
if (import.meta.env.PROD) watchForUpdates(peer);
