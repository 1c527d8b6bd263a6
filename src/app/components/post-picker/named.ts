/** What a person means who types or pastes something where a post is to be named. Pure. */

/** A link to a post of any site, or the bare hash: the last one in the text counts, links end in it. */
export function hashIn(text: string): string | undefined {
  return text
    .toLowerCase()
    .match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g)
    ?.at(-1);
}
