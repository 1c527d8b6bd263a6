/** What the whole app shows of the person: identity, settings and the state of the connection, live. */
import { type Accessor, createContext, createEffect, createMemo, type JSX, useContext } from "solid-js";
import type { Draft, Identity, ProfileView, Settings, Status, TrustedView } from "../../peer/api.ts";
import { useConnection } from "./connection.tsx";
import { codeOf } from "./errors.ts";
import { createLiveRows, createLiveValue } from "./live.ts";
import { createDraftKeeping } from "./draft-keeping.ts";
import { askToKeep } from "./persistence.ts";
import { applyLanguage, applyTheme } from "./preferences.ts";
import { createSignsOfLife } from "./signs-of-life.ts";

export interface Session {
  readonly identity: Accessor<Identity | undefined>;
  readonly settings: Accessor<Settings | undefined>;
  readonly status: Accessor<Status | undefined>;
  readonly drafts: Accessor<readonly Draft[]>;
  readonly following: Accessor<readonly ProfileView[]>;
  readonly trusted: Accessor<readonly TrustedView[]>;
  /** Whether this person trusts the one of this address. */
  readonly trusts: (id: string) => boolean;
}

const SessionContext = createContext<Session>();

export function SessionProvider(props: { children: JSX.Element }): JSX.Element {
  const { api, lock } = useConnection();
  const identity = createLiveValue(api, "identity", () => ({}));
  const settings = createLiveValue(api, "settings", () => ({}));
  const status = createLiveValue(api, "status", () => ({}));
  const drafts = createLiveRows(
    api,
    "drafts",
    () => ({}),
    (draft) => draft.id,
  );
  const following = createLiveRows(
    api,
    "following",
    () => ({}),
    (profile) => profile.id,
  );
  const trusted = createLiveRows(
    api,
    "trusted",
    () => ({}),
    (person) => person.id,
  );

  const trustedIds = createMemo(() => new Set(trusted.rows().map((person) => person.id)));

  createEffect(() => {
    const current = settings.value();
    if (!current) return;
    applyTheme(current.theme);
    applyLanguage(current.language);
  });

  const id = createMemo(() => identity.value()?.id);
  createDraftKeeping(api, () => id(), lock, drafts.rows);
  createSignsOfLife(api, () => lock()?.state === "open" && (settings.value()?.lockAfter ?? 0) > 0);
  createEffect(() => {
    const key = id();
    if (key === undefined) return;
    const installed = window.matchMedia("(display-mode: standalone)").matches;
    askToKeep(key, navigator.storage, localStorage, installed).catch((error: unknown) =>
      console.warn("persistence", codeOf(error)),
    );
  });

  return (
    <SessionContext.Provider
      value={{
        identity: identity.value,
        settings: settings.value,
        status: status.value,
        drafts: drafts.rows,
        following: following.rows,
        trusted: trusted.rows,
        trusts: (person) => trustedIds().has(person),
      }}
    >
      {props.children}
    </SessionContext.Provider>
  );
}

export function useSession(): Session {
  const value = useContext(SessionContext);
  if (!value) throw new Error("useSession outside of SessionProvider");
  return value;
}
