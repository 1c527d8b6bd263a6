/** What the page for starter packs says. Loaded with it. */

export const packs = {
  title: "Starter packs",
  "title.open": "A starter pack",
  lead: "People, places, topics and curated feeds in one link, for those who begin. Whoever opens it sees everything first, and takes what they like.",
  "lead.open":
    "Somebody has put this together. Nothing is followed until you say so, and what you do not want you leave out.",
  unreadable: "There is no starter pack in this link. Part of it may be missing: copy it again, from beginning to end.",
  unnamed: "Without a name",
  "made.text": "The names are those of whoever made the pack. Compare addresses if it matters who somebody is.",

  people: "People",
  places: "Places",
  topics: "Topics",
  curated: "Curated feeds",
  "curated.by": "by {{ name }}",
  have: "You have this already",
  self: "That is you",
  all: "Choose all",
  none: "Choose none",
  take_one: "Take {{ count }} along",
  take_other: "Take {{ count }} along",
  taking: "Taking it along",
  taken_one: "{{ count }} was taken along.",
  taken_other: "{{ count }} were taken along.",
  failed: "{{ count }} could not be taken along ({{ code }}).",
  later: "Not now",

  "make.title": "Make a starter pack",
  "make.text":
    "Choose from what you follow. The pack is the link itself: it holds what is ticked and nothing else, and it is stored nowhere.",
  "make.name": "Name of the pack",
  "make.about": "What it is for",
  "make.feeds": "Places, topics and curated feeds",
  "make.people.empty": "You follow nobody yet.",
  "make.feeds.empty": "You keep no places, topics or curated feeds yet.",
  "make.self": "Yourself",
  "make.link": "The link of the pack",
  "make.copy": "Copy link",
  "make.copied": "Link copied",
  "make.open": "See what others will see",
  "make.qr": "QR code of the pack",
  "make.nothing": "Choose something first.",
};

export type PacksWords = { readonly [Key in keyof typeof packs]: string };
