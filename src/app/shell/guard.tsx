/** Stands before every page: nothing of an identity is shown while it is locked, and nothing at all when all was deleted. */
import { useMatch } from "@solidjs/router";
import { type JSX, Match, Switch } from "solid-js";
import { lazily } from "../i18n/index.tsx";
import { useConnection } from "../state/connection.tsx";

const Unlock = lazily(() => import("../pages/unlock/index.tsx"));
const Gone = lazily(() => import("../pages/gone/index.tsx"));

export function Guard(props: { children: JSX.Element }): JSX.Element {
  const { gone, locked } = useConnection();
  // Whoever has forgotten how to unlock comes back with words.
  const atRestore = useMatch(() => "/restore");
  return (
    <Switch fallback={props.children}>
      <Match when={gone()}>
        <Gone />
      </Match>
      <Match when={locked() && atRestore() === undefined}>
        <Unlock />
      </Match>
    </Switch>
  );
}
