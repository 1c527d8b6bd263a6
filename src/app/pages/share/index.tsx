/** The address of shares, opened without one (a browser may hand it to the open window instead of posting): on to the composer. */
import { useNavigate } from "@solidjs/router";
import { type JSX, onMount } from "solid-js";
import { codeOf } from "../../state/errors.ts";
import { waitingShares } from "../../state/shares.ts";

export default function SharePage(): JSX.Element {
  const navigate = useNavigate();
  onMount(() => {
    waitingShares().then(
      (ids) => {
        const last = ids.at(-1);
        navigate(last === undefined ? "/write" : `/write?shared=${encodeURIComponent(last)}`, { replace: true });
      },
      (error: unknown) => {
        console.warn("shares", codeOf(error));
        navigate("/write?refused=unreadable", { replace: true });
      },
    );
  });
  return <></>;
}
