/**
 * People by name, as text. Whoever names a person says in the same breath whose name it could be taken for: a name in a
 * sentence, a label or a notice of the system has the short address with it then. Pure.
 */
import type { AlikeView, EnvelopeView, PersonView, ProfileView } from "../../peer/api.ts";
import { displayName, shortId } from "./display.ts";

/** Somebody to be named. */
export interface Named {
  readonly id: string;
  readonly name: string | null | undefined;
  /** Somebody else, known by a name that looks the same. */
  readonly alike: AlikeView | null;
}

/** "Ada"; "Ada (mehr1qq3x…7k2p)" of somebody whose name looks like that of another Ada, whom one knows; an address alone. */
export function personName({ alike, id, name }: Named): string {
  const shown = displayName(name);
  if (shown === "") return shortId(id);
  return alike === null ? shown : `${shown} (${shortId(id)})`;
}

/** The same for a sentence: isolated, so that a name in another direction does not turn what stands around it. */
export function isolatedName(person: Named): string {
  return `\u2068${personName(person)}\u2069`;
}

/** Somebody whom this person trusts or follows, or itself: the one whom others are taken for. */
export function familiar(id: string, name: string | null | undefined): Named {
  return { id, name, alike: null };
}

/** Somebody of whom nothing is known but the address. */
export function nameless(id: string): Named {
  return { id, name: null, alike: null };
}

export function authorOf({ author, authorName, guard }: Pick<EnvelopeView, "author" | "authorName" | "guard">): Named {
  return { id: author, name: authorName, alike: guard?.alike ?? null };
}

export function curatorOf(view: {
  readonly curator: string;
  readonly curatorName: string | null;
  readonly curatorAlike: AlikeView | null;
}): Named {
  return { id: view.curator, name: view.curatorName, alike: view.curatorAlike };
}

export function ownerOf({
  displayName: name,
  id,
  standing,
}: Pick<ProfileView, "displayName" | "id" | "standing">): Named {
  return { id, name, alike: standing.alike };
}

export function linkedOf({ alike, name, peer }: Omit<PersonView, "id"> & { readonly peer: string }): Named {
  return { id: peer, name, alike };
}
