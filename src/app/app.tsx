/** The app: providers around the routes. Every page is a chunk of its own. */
import { Route, Router } from "@solidjs/router";
import type { JSX } from "solid-js";
import type { PeerHandle } from "../rpc/index.ts";
import { I18nProvider, lazily } from "./i18n/index.tsx";
import Home from "./pages/home/index.tsx";
import { Shell } from "./shell/index.tsx";
import { ConnectionProvider } from "./state/connection.tsx";
import { BASE } from "./site.ts";
import { FeedsProvider } from "./state/feeds.tsx";
import { language } from "./state/preferences.ts";
import { SessionProvider } from "./state/session.tsx";

const Post = lazily(() => import("./pages/post/index.tsx"));
const Graph = lazily(() => import("./pages/graph/index.tsx"));
const Write = lazily(() => import("./pages/write/index.tsx"));
const Explore = lazily(() => import("./pages/explore/index.tsx"));
const Search = lazily(() => import("./pages/search/index.tsx"));
const ScopePage = lazily(() => import("./pages/scope/index.tsx"));
const Feeds = lazily(() => import("./pages/feeds/index.tsx"));
const FeedPage = lazily(() => import("./pages/feeds/feed.tsx"));
const Curate = lazily(() => import("./pages/curate/index.tsx"));
const CurateFeed = lazily(() => import("./pages/curate/feed.tsx"));
const CuratedPage = lazily(() => import("./pages/curated/index.tsx"));
const EditFeed = lazily(() => import("./pages/feeds/edit.tsx"));
const SharedFeed = lazily(() => import("./pages/feeds/shared.tsx"));
const Profile = lazily(() => import("./pages/profile/index.tsx"));
const Me = lazily(() => import("./pages/me/index.tsx"));
const Inbox = lazily(() => import("./pages/inbox/index.tsx"));
const InboxSettings = lazily(() => import("./pages/inbox/settings.tsx"));
const Network = lazily(() => import("./pages/network/index.tsx"));
const Mutes = lazily(() => import("./pages/mutes/index.tsx"));
const Settings = lazily(() => import("./pages/settings/index.tsx"));
const Welcome = lazily(() => import("./pages/welcome/index.tsx"));
const Open = lazily(() => import("./pages/open/index.tsx"));
const SharePage = lazily(() => import("./pages/share/index.tsx"));
const Diagnostics = lazily(() => import("./pages/diagnostics/index.tsx"));
const Join = lazily(() => import("./pages/join/index.tsx"));
const Devices = lazily(() => import("./pages/devices/index.tsx"));
const Packs = lazily(() => import("./pages/packs/index.tsx"));
const Arrive = lazily(() => import("./pages/arrive/index.tsx"));
const Trust = lazily(() => import("./pages/trust/index.tsx"));
const TrustAsk = lazily(() => import("./pages/trust/ask.tsx"));
const Restore = lazily(() => import("./pages/restore/index.tsx"));
const Missing = lazily(() => import("./pages/missing/index.tsx"));

export function App(props: { peer: PeerHandle }): JSX.Element {
  return (
    <I18nProvider language={language()}>
      <ConnectionProvider peer={props.peer}>
        <SessionProvider>
          <FeedsProvider>
            <Router base={BASE} root={Shell} scrollRestoration preload={false}>
              <Route path="/" component={Home} />
              <Route path="/p/:hash" component={Post} />
              <Route path="/p/:hash/graph" component={Graph} />
              <Route path="/write" component={Write} />
              <Route path="/explore" component={Explore} />
              <Route path="/search" component={Search} />
              <Route path="/s/:kind/*segments" component={ScopePage} />
              <Route path="/f/:id" component={FeedPage} />
              <Route path="/curate" component={Curate} />
              <Route path="/curate/feed" component={CurateFeed} />
              <Route path="/curated" component={CuratedPage} />
              <Route path="/feeds" component={Feeds} />
              <Route path="/feeds/shared" component={SharedFeed} />
              <Route path="/feeds/:id" component={EditFeed} />
              <Route path="/u/:id" component={Profile} />
              <Route path="/me" component={Me} />
              <Route path="/inbox" component={Inbox} />
              <Route path="/inbox/settings" component={InboxSettings} />
              <Route path="/network" component={Network} />
              <Route path="/settings" component={Settings} />
              <Route path="/settings/mutes" component={Mutes} />
              <Route path="/diagnostics" component={Diagnostics} />
              <Route path="/join" component={Join} />
              <Route path="/devices" component={Devices} />
              <Route path="/packs" component={Packs} />
              <Route path="/arrive" component={Arrive} />
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
