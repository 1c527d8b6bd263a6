/** What is said while something is looked for at others. */

export const finding = {
  "finding.replies": "Looking for more replies…",
  "finding.more": "There are more replies than were fetched so far; they keep coming while this page is open.",
  "finding.post.title": "Looking for this post",
  "finding.post.text": "It is not kept on this device. Others are being asked for it.",
} as const;
