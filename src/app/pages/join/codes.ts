/** Codes of invites as people pass them on. Pure. */

/** A code has some 400 characters, a link before it some more; nobody pastes ten times that. */
const MOST_CHARACTERS = 4_096;

/** The bare code of a text: what stands behind the last `#`, without white space; `null` where there cannot be one. */
export function codeIn(text: string): string | null {
  if (text.length > MOST_CHARACTERS) return null;
  const code = text.slice(text.lastIndexOf("#") + 1).replaceAll(/\s/gu, "");
  return /^[\w-]+$/.test(code) ? code : null;
}

/**
 * Where the code is opened: behind `#`, which no browser sends to a server.
 * @param site with a slash at its end
 * @param page `devices` for a code that gives an identity to another device
 */
export function linkOf(site: string, code: string, page: "join" | "devices" = "join"): string {
  return `${site}${page}#${code}`;
}
