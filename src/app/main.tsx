/** Entry of the page: theme and words first, then the app. */
import { render } from "solid-js/web";
import { App } from "./app.tsx";
import { loadMessages } from "./i18n/index.tsx";
import { applyTheme, language, theme } from "./state/preferences.ts";
import { watchForUpdates } from "./state/updates.ts";
import "./styles/index.css";

applyTheme(theme());

const root = document.getElementById("app");
if (!root) throw new Error("The page has no element #app");
const first = language();
const messages = await loadMessages(first);
render(() => <App initialLanguage={first} initialMessages={messages} />, root);

// The server for development has no service worker.
if (import.meta.env.PROD) watchForUpdates();
