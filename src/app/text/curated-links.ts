/** Addresses of the pages about curated feeds, without the app's base. A name may hold anything, so it goes into the query. */
export function curatedHref({ curator, name }: { readonly curator: string; readonly name: string }): string {
  return `/curated?${new URLSearchParams({ by: curator, feed: name }).toString()}`;
}

/** Where an own feed is changed. */
export function curateHref(name: string): string {
  return `/curate/feed?${new URLSearchParams({ name }).toString()}`;
}
