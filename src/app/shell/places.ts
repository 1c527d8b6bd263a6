/** The places that the rail and the bar lead to. Only what works is among them. */
import type { IconName } from "../components/icon/index.tsx";
import type { Messages } from "../i18n/index.tsx";

export interface Place {
  readonly href: string;
  readonly icon: IconName;
  readonly words: keyof Messages;
}

const HOME: Place = { href: "/", icon: "home", words: "nav.home" };
const EXPLORE: Place = { href: "/explore", icon: "explore", words: "nav.explore" };
const WRITE: Place = { href: "/write", icon: "write", words: "nav.write" };
const INBOX: Place = { href: "/inbox", icon: "inbox", words: "nav.inbox" };
const NETWORK: Place = { href: "/network", icon: "network", words: "nav.network" };

export const RAIL_PLACES: readonly Place[] = [
  HOME,
  EXPLORE,
  INBOX,
  NETWORK,
  { href: "/me", icon: "person", words: "nav.profile" },
  { href: "/settings", icon: "settings", words: "nav.settings" },
  WRITE,
];

/** On a phone the settings are reached from one's own page, and the network by the word on the connection. */
export const BAR_PLACES: readonly Place[] = [
  HOME,
  EXPLORE,
  WRITE,
  INBOX,
  { href: "/me", icon: "person", words: "nav.me" },
];
