/**
 * What is said before anything but the first screen is loaded: by the modules that src/app/main.tsx imports statically, and by
 * no others (tests/app/i18n-first.test.ts).
 */

export const first = {
  "app.name": "Mehr",
  "app.skip": "Skip to content",
  "app.main": "Main",
  "app.close": "Close",
  "app.retry": "Try again",

  "nav.home": "Home",
  "nav.explore": "Explore",
  "nav.write": "Write",
  "nav.inbox": "Inbox",
  "nav.inbox.new": "Inbox, {{ count }} new",
  "nav.network": "Network",
  "nav.profile": "Profile",
  "nav.me": "Me",
  "nav.settings": "Settings",
  "nav.shortcuts": "Keyboard shortcuts",

  "status.online": "online",
  "status.few": "few peers",
  "status.searching": "searching",
  "status.offline": "offline",
  "status.starting": "starting",
  "status.label": "Connection: {{ word }}. Show what this means",
  "status.online.text": "You are linked directly to other people. What you write reaches them at once.",
  "status.few.text":
    "You are linked to one or two people. Everything works; new posts may take a little longer to come by.",
  "status.searching.text":
    "Mehr is looking for other people. You can read what is kept here and write; your posts go out when somebody is found.",
  "status.offline.text":
    "There is no network. What is kept on this device can be read, and what you write is sent when the network is back.",
  "status.starting.text": "Mehr is opening what is kept on this device.",
  "status.peers_one": "{{ count }} direct link",
  "status.peers_other": "{{ count }} direct links",
  "status.waiting_one": "{{ count }} post waits to be sent",
  "status.waiting_other": "{{ count }} posts wait to be sent",
  "status.details": "Show the network",
  "status.reconnect": "Look again now",
  "status.locked": "locked",
  "status.locked.text": "This identity is encrypted. Until it is unlocked nothing is sent or received in its name.",

  "aside.people": "People you follow",
  "aside.drafts": "Unfinished",
  "aside.untitled": "Without a title",

  "home.title": "Home",
  "home.new_one": "{{ count }} new post",
  "home.new_other": "{{ count }} new posts",
  "home.empty.title": "Nothing here yet",
  "home.empty.text":
    "Posts from people you follow and from {{ place }} appear here as they arrive. Be the first to say something, look around, or choose a place where you live.",
  "home.empty.write": "Write a post",
  "home.empty.explore": "Look around",

  "feed.label": "Posts",
  "feed.loading": "Looking for posts on this device",

  "unreadable.posts": "These posts could not be read",
  "unreadable.text": "Something went wrong on this device ({{ code }}). Nothing is lost.",

  "welcome.card.title": "Welcome to Mehr",
  "welcome.card.text":
    "A social network without anybody in the middle. You can read right away; in under a minute you can have a name and a place, too.",
  "welcome.card.start": "Set up",
  "welcome.card.later": "Later",

  "words.reminder.title": "Your 24 words are not kept yet",
  "words.reminder.text":
    "They are the only way back to your name if this browser loses its data. Nobody can reset them for you.",
  "words.reminder.show": "Show my words",

  "envelope.by": "Post by {{ name }}, {{ time }}",
  "envelope.menu": "More about this post by {{ name }}",
  "envelope.read": "Read, {{ size }}",
  "envelope.held": "kept here",
  "envelope.waiting": "waiting to be sent",
  "envelope.reply": "In reply to a post",
  "envelope.boost": "Passed on a post",
  "envelope.place": "Place: {{ path }}",
  "envelope.topic": "Topic: {{ path }}",
  "envelope.trusted": "trusted people only",
  "envelope.replies_one": "{{ count }} reply",
  "envelope.replies_other": "{{ count }} replies",
  "envelope.referenced_one": "referred to by {{ count }} post",
  "envelope.referenced_other": "referred to by {{ count }} posts",

  "settings.update": "A new version is ready",
  "settings.update.text": "It is used when you say so; drafts and posts stay.",
  "settings.update.apply": "Use it now",
  "settings.update.applying": "Changing over…",
  "settings.failed": "That was not saved ({{ code }}).",

  "invite.open": "Invite someone",
  "invite.join": "Join with a code",

  "page.failed.title": "This page broke",
  "page.failed.text": "The rest of Mehr goes on, and nothing you wrote is lost.",

  "feeds.title": "Feeds",
  "feeds.nav": "Feeds",
  "feeds.edit": "Edit feeds",
  "feeds.name.home": "Home",
  "feeds.name.people": "People",
  "feeds.name.trusted": "Trusted people",
  "feeds.name.replies": "Replies",
  "feeds.unread_one": "{{ count }} new",
  "feeds.unread_other": "{{ count }} new",
  "feeds.unread_more": "more than {{ count }} new",
  "feeds.note": "Note by the curator",

  "explore.home.change": "Change home place",

  "install.title": "Keep Mehr at hand",
  "install.text": "As an app it has a window and an icon of its own and is safer from clean-up. Nothing else changes.",
  "install.button": "Install",
  "install.later": "Not now",
  "install.ios": "In Safari press Share, then “Add to Home Screen”. Mehr then has a window and an icon of its own.",

  "update.changeover.title": "A new version is in use",
  "update.changeover.text":
    "This tab follows as soon as you pause and what is typed here is saved. Drafts are kept in any case.",
  "update.changeover.now": "Follow now",

  "launch.held.title": "Mehr was asked to open something else",
  "launch.held.text": "What you have typed on this page is not saved yet, so the page stays.",
  "launch.held.open": "Open it",
  "launch.held.stay": "Stay here",

  "slow.title": "Starting takes longer than it should",
  "slow.text": "What is kept on this device is safe. Wait a little more, or see whether another way helps.",
  "slow.out": "Other ways",

  "lack.rtc.title": "This browser cannot link to others",
  "lack.rtc.text":
    "Direct links (WebRTC) are switched off here, perhaps by an extension or a setting. You can read what is kept and write; nothing arrives and nothing goes out until they are allowed.",

  "storage.free.button": "Free storage",
  "storage.free.done": "{{ size }} freed.",
  "storage.full":
    "This device has no room left for Mehr, so it was not stored. {{ fetched }} of fetched texts and pictures could go, and {{ posts }} of posts by others.",
  "storage.full.nothing":
    "This device has no room left for Mehr, so it was not stored. Everything here is your own: delete other files on the device, then try again.",

  "reach.badge.start": "heard where it started",
  "reach.badge.topics": "heard across its topic",
  "reach.badge.neighbourhood": "heard in the whole neighbourhood",
  "reach.badge.city": "heard in the whole city",
  "reach.badge.region": "heard in the whole region",
  "reach.badge.country": "heard in the whole country",
  "reach.badge.global": "heard worldwide",
  "reach.badge.open": "{{ text }}: how far and why",
  "reach.boosts_one": "{{ count }} boost",
  "reach.boosts_other": "{{ count }} boosts",
  "reach.trusted_one": "{{ count }} by somebody you trust",
  "reach.trusted_other": "{{ count }} by people you trust",
  "reach.curators_one": "{{ count }} curator",
  "reach.curators_other": "{{ count }} curators",
  "reach.title": "How far it is heard",
  "reach.waiting": "Looking it up…",

  "boost.by": "{{ name }} boosted",
  "boost.byYou": "You boosted",
  "boost.missing": "The post itself has not come here yet.",
  "boost.original": "To the boosted post",

  "trust.mark": "somebody you trust",
  "trust.title": "Neighbourhood",
  "trust.count_one": "You trust {{ count }} person",
  "trust.count_other": "You trust {{ count }} people",
  "trust.add": "Trust somebody",
  "trust.waiting": "waits for somebody you trust",

  "twin.title": "You are open on another device, too",
  "twin.text":
    "The same identity runs there at this moment. Nothing is lost: both devices come to hold what you write on either. They take turns at being linked to others, so things arrive later than usual. If it is not you, somebody else has your 24 words.",

  "history.title": "Bringing back what you wrote",
  "history.looking": "Mehr asks the people it meets for your profile and posts. Until then your profile cannot change.",
  "history.fetching": "{{ posts }} of {{ envelopes }} posts are here.",
  "history.held_one": "{{ count }} post that waited to be published came along, and is held.",
  "history.held_other": "{{ count }} posts that waited to be published came along, and are held.",
  "history.held.see": "See them",
  "history.close": "Go on without",
  "history.pending": "Mehr still looks for your last profile. A change now could make two versions of it.",
} satisfies Record<string, string>;

export type FirstMessages = { readonly [Key in keyof typeof first]: string };
