/**
 * Segments of topics by which authors say themselves that what they show is not for everybody: the words of Mastodon's and
 * Bluesky's labels (bsky.app moderation labels; Mastodon's "sensitive" and "CW"), and the Persian ones.
 */
const SENSITIVE: ReadonlySet<string> = new Set([
  "adult",
  "cw",
  "gore",
  "graphic-media",
  "nsfl",
  "nsfw",
  "nudity",
  "porn",
  "sensitive",
  "sexual",
  "spoiler",
  "spoilers",
  "violence",
  "حساس",
  "خشونت",
  "برهنگی",
]);

/** The topic by which the app itself says so for an author. */
export const SENSITIVE_TOPIC = "t:sensitive";

/** Whether a topic says that what stands under it is not for everybody. @param scope key of a scope, as `t:art/nsfw` */
export function isSensitive(scope: string): boolean {
  return (
    scope.startsWith("t:") &&
    scope
      .slice(2)
      .split("/")
      .some((segment) => SENSITIVE.has(segment))
  );
}
