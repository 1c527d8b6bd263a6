/** The app: providers around the routes. Every page is a chunk of its own. */
import { Route, Router } from "@solidjs/router";
import { type JSX, lazy } from "solid-js";
import type { PeerHandle } from "../rpc/index.ts";
import { I18nProvider, type Language, type Messages } from "./i18n/index.tsx";
import Home from "./pages/home/index.tsx";
import { Shell } from "./shell/index.tsx";
import { ConnectionProvider } from "./state/connection.tsx";
import { BASE } from "./site.ts";
import { FeedsProvider } from "./state/feeds.tsx";
import { language } from "./state/preferences.ts";
import { SessionProvider } from "./state/session.tsx";

const Post = lazy(() => import("./pages/post/index.tsx"));
const Write = lazy(() => import("./pages/write/index.tsx"));
const Explore = lazy(() => import("./pages/explore/index.tsx"));
const ScopePage = lazy(() => import("./pages/scope/index.tsx"));
const Feeds = lazy(() => import("./pages/feeds/index.tsx"));
const FeedPage = lazy(() => import("./pages/feeds/feed.tsx"));
const EditFeed = lazy(() => import("./pages/feeds/edit.tsx"));
const SharedFeed = lazy(() => import("./pages/feeds/shared.tsx"));
const Profile = lazy(() => import("./pages/profile/index.tsx"));
const Me = lazy(() => import("./pages/me/index.tsx"));
const Network = lazy(() => import("./pages/network/index.tsx"));
const Settings = lazy(() => import("./pages/settings/index.tsx"));
const Welcome = lazy(() => import("./pages/welcome/index.tsx"));
const Open = lazy(() => import("./pages/open/index.tsx"));
const SharePage = lazy(() => import("./pages/share/index.tsx"));
const Diagnostics = lazy(() => import("./pages/diagnostics/index.tsx"));
const Join = lazy(() => import("./pages/join/index.tsx"));
const Trust = lazy(() => import("./pages/trust/index.tsx"));
const TrustAsk = lazy(() => import("./pages/trust/ask.tsx"));
const Restore = lazy(() => import("./pages/restore/index.tsx"));
const Missing = lazy(() => import("./pages/missing/index.tsx"));

export function App(props: { peer: PeerHandle; initialLanguage: Language; initialMessages: Messages }): JSX.Element {
  return (
    <I18nProvider language={language()} initialLanguage={props.initialLanguage} initial={props.initialMessages}>
      <ConnectionProvider peer={props.peer}>
        <SessionProvider>
          <FeedsProvider>
            <Router base={BASE} root={Shell} scrollRestoration preload={false}>
              <Route path="/" component={Home} />
              <Route path="/p/:hash" component={Post} />
              <Route path="/write" component={Write} />
              <Route path="/explore" component={Explore} />
              <Route path="/s/:kind/*segments" component={ScopePage} />
              <Route path="/f/:id" component={FeedPage} />
              <Route path="/feeds" component={Feeds} />
              <Route path="/feeds/shared" component={SharedFeed} />
              <Route path="/feeds/:id" component={EditFeed} />
              <Route path="/u/:id" component={Profile} />
              <Route path="/me" component={Me} />
              <Route path="/network" component={Network} />
              <Route path="/settings" component={Settings} />
              <Route path="/diagnostics" component={Diagnostics} />
              <Route path="/join" component={Join} />
              <Route path="/trust" component={Trust} />
              <Route path="/trust/:id" component={TrustAsk} />
              <Route path="/welcome" component={Welcome} />
              <Route path="/restore" component={Restore} />
              <Route path="/open" component={Open} />
              <Route path="/share" component={SharePage} />
              <Route path="*missing" component={Missing} />
            </Router>
          </FeedsProvider>
        </SessionProvider>
      </ConnectionProvider>
    </I18nProvider>
  );
}
