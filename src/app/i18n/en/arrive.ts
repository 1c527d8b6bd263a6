/** What the page for posts from elsewhere says. Loaded with it. */

export const arrive = {
  title: "Bring posts from elsewhere",
  lead: "A Mastodon archive, or the file of an RSS, Atom or JSON feed. It is read in this page; you see everything first, and nothing is published unasked.",

  "file.label": "File",
  "file.hint":
    "Mastodon: preferences, import and export, request your archive (.zip or .tar.gz). Of a blog: save its feed as a file (.xml or .json).",
  "file.another": "Choose another file",
  reading: "Reading: {{ count }} posts so far",
  stop: "Stop",

  found_one: "{{ count }} post in this file",
  found_other: "{{ count }} posts in this file",
  skipped_one: "{{ count }} entry was left out: boosts, likes, or nothing to read.",
  skipped_other: "{{ count }} entries were left out: boosts, likes, or nothing to read.",
  "find.label": "Show only those with these words",
  "choose.all": "Choose those shown",
  "choose.none": "Choose none",
  "choose.public": "Choose what was public and answers nobody",
  "shown.none": "No post has these words.",
  undated: "Without a date",
  answer: "answer",
  goesOn: "goes on from an earlier one",
  followers: "was for followers only",
  direct: "was a direct message",
  pictures_one: "{{ count }} picture or file, which stays in the archive",
  pictures_other: "{{ count }} pictures or files, which stay in the archive",
  cut: "too long for one post: only its beginning",
  onlyPictures: "Pictures without words",

  "where.title": "Where it goes",
  "where.place": "Place",
  "where.place.hint": "Without place and topics, only people you trust get it.",
  "where.topics": "Topics",
  "where.topics.hint": "Up to three.",
  "origin.label": "Say below each post when it was first published, and where",
  "origin.hint":
    "A post is dated with the day on which it is published here: nobody can date one back. The order stays.",
  "origin.dated": "First published on {{ date }}",
  "origin.at": "First published at {{ link }}",
  "origin.both": "First published on {{ date }} at {{ link }}",

  chosen_one: "{{ count }} chosen",
  chosen_other: "{{ count }} chosen",
  draft_one: "Make a draft of it",
  draft_other: "Make drafts of them",
  publish: "Publish",
  drafting: "Draft {{ done }} of {{ count }}",
  drafted_one: "{{ count }} draft was made. It is where you write.",
  drafted_other: "{{ count }} drafts were made. They are where you write.",
  "drafts.full":
    "There is room for 500 drafts; {{ done }} of these were made. Publish or drop some, or publish the rest from here.",
  "drafts.threads":
    "Drafts stand by themselves; published from here, what goes on from an earlier post becomes an answer to it.",
  "sure.title_one": "Publish {{ count }} post?",
  "sure.title_other": "Publish {{ count }} posts?",
  "sure.text":
    "Everybody at the place and in the topics chosen can read them, and what is published cannot be taken back.",
  "sure.trusted": "Without place and topics, only people you trust get them. What is published cannot be taken back.",
  "sure.pace":
    "They go one by one, oldest first, no faster than others take them: the last one {{ when }}, if Mehr is open and connected until then.",
  "sure.yes": "Publish them",
  "sure.no": "Not now",

  "queue.title": "On their way",
  "queue.waiting_one": "{{ count }} post waits to be published.",
  "queue.waiting_other": "{{ count }} posts wait to be published.",
  "queue.published_one": "{{ count }} was published.",
  "queue.published_other": "{{ count }} were published.",
  "queue.refused_one": "{{ count }} could not be published as it is, and is among your drafts.",
  "queue.refused_other": "{{ count }} could not be published as they are, and are among your drafts.",
  "queue.next": "The next one: {{ when }}. The last one: {{ last }}.",
  "queue.offline": "Nobody is connected who would hear them. They wait.",
  "queue.drop": "Publish no more of them",
  "queue.dropped": "What waited is not published.",

  "damaged.title_one": "{{ count }} post could not be read",
  "damaged.title_other": "{{ count }} posts could not be read",
  "damaged.text":
    "The storage of this device was damaged while they waited, so they were not published. What is left can be saved as a file; the archive that they came from still has the whole.",
  "damaged.wordless": "No words of it are left",
  "damaged.noticed": "Noticed {{ when }}",
  "damaged.save": "Save as a file",
  "damaged.remove": "Remove",
  "damaged.sure": "Remove for good",
  "damaged.removed": "It is removed.",

  "problem.title": "That did not work",
  FILE_EMPTY: "There is nothing in this file.",
  FILE_UNREADABLE: "The browser could not read this file to its end. It may have been moved or changed.",
  FILE_UNKNOWN: "This is neither a feed nor an archive that can be read here.",
  FILE_TOO_LARGE: "This file is too large: a feed may have 16 MB, and an archive 100,000 posts.",
  FILE_ENCODING:
    "The letters in this file are not written in the way that it says, so they would come out wrong. Save it as UTF-8.",
  FILE_DAMAGED: "This file is broken off or not well formed. Fetch it again.",
  FILE_ENTITIES: "This file has declarations that no feed needs and that attacks are made of. It was not read.",
  FILE_NO_POSTS: "Nothing in this file could become a post.",
  ARCHIVE_DAMAGED: "This archive is broken off, altered, or packed in a way that is not known here. Fetch it again.",
  ARCHIVE_ENCRYPTED: "The files in this archive are under a password. Unpack it, and choose outbox.json.",
  ARCHIVE_PATHS: "Names in this archive lead out of it, which no honest archive does. It was not read.",
  ARCHIVE_BOMB: "This archive unpacks to far more than any text does. It was not read to its end.",
  ARCHIVE_FOREIGN: "There is no outbox.json in this archive, which is where Mastodon puts posts.",
  ARRIVALS_FULL: "At most 2,000 posts wait to be published at once. Choose fewer.",
  other: "Something failed ({{ code }}).",
};

export type ArriveWords = { readonly [Key in keyof typeof arrive]: string };
