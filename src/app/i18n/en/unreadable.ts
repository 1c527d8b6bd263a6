/** What a page says when the peer refuses what the page is about. */

export const unreadable = {
  "unreadable.post": "This post could not be read",
  "unreadable.replies": "The replies could not be read",
  "unreadable.graph": "What hangs together with this post could not be read",
  "unreadable.profile": "This profile could not be read",
  "unreadable.feed": "This feed could not be read",
  "unreadable.feeds": "Your feeds could not be read",
  "unreadable.curated": "The feeds that you curate could not be read",
  "unreadable.reach": "How far this post has travelled could not be read",
  "unreadable.list": "This list could not be read",
  "unreadable.mutes": "What you do not want to see could not be read",
  "unreadable.inbox": "The inbox could not be read",
  "unreadable.settings": "These settings could not be read",
  "unreadable.network": "The state of the network could not be read",
  "unreadable.identities": "The identities of this browser could not be read",
} satisfies Record<string, string>;
