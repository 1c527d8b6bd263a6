/** What is said about room on this device. */

export const storage = {
  "storage.fetched": "Fetched texts and pictures",
  "storage.others": "Posts of others",
  "storage.collected": "Dropped to make room",
  "storage.damaged": "Damaged",
  "storage.damaged.mended": "{{ count }} could not be read; nothing is missing any more",
  "storage.damaged.lost":
    "{{ count }} could not be read; of {{ lost }} something is missing, and Mehr asks others for it",
  "storage.free.text":
    "This drops the texts and pictures that were fetched, and posts more than a month old by people you do not follow. They can be fetched again while somebody keeps them. What you wrote stays.",
  "storage.free.confirm": "Drop them",
  "storage.free.busy": "Dropping",
  "storage.free.nothing": "There was nothing to drop.",
} as const;
