/** What the page says to a waiting service worker once the person has agreed to the new version. */
export const APPLY_UPDATE = "mehr:apply-update";
