/** What neighbours hold for a feed and have not sent: it stands above the feed and is loaded after it. */
import { type JSX, Suspense } from "solid-js";
import type { FeedSpec } from "../../../peer/api.ts";
import { lazily } from "../../i18n/index.tsx";

const Rows = lazily(() => import("./rows.tsx").then((module) => ({ default: module.HintRows })));

export function HintRows(props: { feed: FeedSpec }): JSX.Element {
  return (
    <Suspense>
      <Rows feed={props.feed} />
    </Suspense>
  );
}
