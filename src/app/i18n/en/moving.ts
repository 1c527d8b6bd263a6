/** The ways to other devices, from other places, and to others. */
export const moving = {
  "moving.title": "Coming and going",
  "moving.device": "Another device",
  "moving.device.text": "Be the same person on a second device.",
  "moving.arrive": "Bring posts from elsewhere",
  "moving.arrive.text": "From Mastodon, or from the feed of a blog.",
  "moving.packs": "Starter packs",
  "moving.packs.text": "People, places, topics and feeds in one link.",
  "moving.restore": "From another device of yours",
};
