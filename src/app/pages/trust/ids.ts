/** Addresses of people as they are passed on. Pure. */

/** A link with an address in it has some 150 characters; nobody pastes ten times that. */
const MOST_CHARACTERS = 2_048;

/** The last address of a text, wherever it stands: bare, in a link to a profile, in a `web+mehr:` link; else `null`. */
export function idIn(text: string): string | null {
  if (text.length > MOST_CHARACTERS) return null;
  return (
    text
      .toLowerCase()
      .match(/mehr1[02-9ac-hj-np-z]{58}(?![0-9a-z])/g)
      ?.at(-1) ?? null
  );
}

/** Opens the page that asks whether one trusts this person. @param site with a slash at its end */
export function trustLink(site: string, id: string): string {
  return `${site}trust/${id}`;
}
