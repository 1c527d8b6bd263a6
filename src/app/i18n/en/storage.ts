/** What is said about room on this device. */

export const storage = {
  "storage.fetched": "Fetched texts and pictures",
  "storage.others": "Posts of others",
  "storage.collected": "Dropped to make room",
  "storage.damaged": "Damaged",
  "storage.damaged.mended": "{{ count }} could not be read; nothing is missing any more",
  "storage.damaged.lost":
    "{{ count }} could not be read; of {{ lost }} something is missing, and Mehr asks others for it",
  "storage.free.button": "Free storage",
  "storage.free.text":
    "This drops the texts and pictures that were fetched, and posts more than a month old by people you do not follow. They can be fetched again while somebody keeps them. What you wrote stays.",
  "storage.free.confirm": "Drop them",
  "storage.free.busy": "Dropping",
  "storage.free.done": "{{ size }} freed.",
  "storage.free.nothing": "There was nothing to drop.",
  "storage.full":
    "This device has no room left for Mehr, so it was not stored. {{ fetched }} of fetched texts and pictures could go, and {{ posts }} of posts by others.",
  "storage.full.nothing":
    "This device has no room left for Mehr, so it was not stored. Everything here is your own: delete other files on the device, then try again.",
} as const;
