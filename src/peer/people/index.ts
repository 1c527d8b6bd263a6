/** people: the pictures of people, what they claim of themselves, and the search for the newest of it when one looks at them. */
export type { AvatarView, ClaimView, PeopleApi, ProfileVersion } from "./api.ts";
export { claimsOf } from "./claims.ts";
export { People } from "./people.ts";
