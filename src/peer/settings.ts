import * as v from "valibot";
import type { Store } from "../store/port.ts";
import { scopeFromKey, scopeKey } from "../wire/index.ts";
import type { Settings } from "./api.ts";
import { PeerError } from "./errors.ts";

const SETTINGS_KEY = "settings";
/** An envelope carries at most 3 topics, but a person may follow more; this bounds what a settings file can do. */
const MAX_TOPICS = 64;
const MAX_SERVERS = 16;
/** Minutes: a day. */
const MAX_LOCK_AFTER = 1_440;

/** The place of whoever has not chosen one (protocol section 3). */
const DEFAULT_HOME = "g:cyberspace/commons";

export const DEFAULT_SETTINGS: Settings = {
  language: "auto",
  theme: "auto",
  home: DEFAULT_HOME,
  topics: [],
  relays: [],
  iceServers: [],
  introduce: "auto",
  relay: "auto",
  lowData: "auto",
  lockAfter: 0,
};

function isScopeKey(kind: "g" | "t") {
  return (text: string): boolean => {
    if (!text.startsWith(`${kind}:`)) return false;
    try {
      return scopeKey(scopeFromKey(text)) === text;
    } catch {
      return false;
    }
  };
}

function hasScheme(...schemes: string[]) {
  return (text: string): boolean => URL.canParse(text) && schemes.includes(new URL(text).protocol);
}

const Patch = v.partial(
  v.strictObject({
    language: v.picklist(["auto", "en", "fa"]),
    theme: v.picklist(["auto", "light", "dark"]),
    home: v.pipe(v.string(), v.check(isScopeKey("g"))),
    topics: v.pipe(v.array(v.pipe(v.string(), v.check(isScopeKey("t")))), v.maxLength(MAX_TOPICS)),
    relays: v.pipe(v.array(v.pipe(v.string(), v.check(hasScheme("ws:", "wss:")))), v.maxLength(MAX_SERVERS)),
    iceServers: v.pipe(
      v.array(
        v.strictObject({
          urls: v.pipe(v.string(), v.regex(/^(stun|turn|turns):[^\s]+$/u)),
          username: v.optional(v.string()),
          credential: v.optional(v.string()),
        }),
      ),
      v.maxLength(MAX_SERVERS),
    ),
    introduce: v.picklist(["auto", "on", "off"]),
    relay: v.picklist(["auto", "on", "off"]),
    lowData: v.picklist(["auto", "on", "off"]),
    lockAfter: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_LOCK_AFTER)),
  }),
);

/** @throws PeerError `SETTING_INVALID`, naming the offending field. */
export function parseSettingsPatch(patch: unknown): Partial<Settings> {
  const result = v.safeParse(Patch, patch);
  if (result.success) return given(result.output);
  const [issue] = result.issues;
  throw new PeerError("SETTING_INVALID", `${v.getDotPath(issue) ?? "settings"}: ${issue.message}`);
}

/** A setting that is named but `undefined` is one that was not named. */
function given(patch: object): Partial<Settings> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

/**
 * Settings as stored, on top of the defaults. One that this version refuses (another version stored it) falls back by
 * itself: the others are still what the person chose.
 */
export async function loadSettings(store: Store): Promise<Settings> {
  const stored = await store.setting(SETTINGS_KEY);
  if (typeof stored !== "object" || stored === null) return DEFAULT_SETTINGS;
  const known = Object.entries(stored).flatMap(([name, value]) => {
    const result = v.safeParse(Patch, { [name]: value });
    return result.success ? Object.entries(given(result.output)) : [];
  });
  return { ...DEFAULT_SETTINGS, ...Object.fromEntries(known) };
}

export async function saveSettings(store: Store, settings: Settings): Promise<void> {
  await store.commit({ settings: { [SETTINGS_KEY]: settings } }, { durability: "strict" });
}
