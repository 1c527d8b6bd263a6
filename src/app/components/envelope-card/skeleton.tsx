/** The shape of a card of usual length, for the moment before the first rows are read. */
import { For, type JSX } from "solid-js";

export function EnvelopeSkeleton(): JSX.Element {
  return (
    <div class="envelope" aria-hidden="true">
      <div class="bone aspect-square w-full" />
      <div class="bone mt-1 h-4 w-40" />
      <div class="envelope-body">
        <div class="bone mt-2 h-6 w-4/5" />
        <div class="bone mt-3 h-4 w-full" />
        <div class="bone mt-2 h-4 w-2/3" />
        <div class="bone mt-4 h-6 w-32" />
      </div>
    </div>
  );
}

export function FeedSkeleton(): JSX.Element {
  return <For each={[1, 2, 3, 4]}>{() => <EnvelopeSkeleton />}</For>;
}
