/** How far a post is heard and why, boosting, and relaying. */

export const reach = {
  "reach.start.place": "It started in {{ place }}, and whoever is there hears it.",
  "reach.start.home": "It names topics and no place, so it started where its author lives.",
  "reach.start.trusted": "It is for trusted people only and goes no further.",
  "reach.none": "Nothing has carried it further yet. Posts go on when people where they started boost them.",
  "reach.over": "Nobody has spoken up for it in the last day, so it is not passed on further now. Who has it keeps it.",
  "reach.level.topic": "Everywhere, for people who read",
  "reach.level.neighbourhood": "Neighbourhood",
  "reach.level.city": "City",
  "reach.level.region": "Region",
  "reach.level.country": "Country",
  "reach.level.global": "World",
  "reach.why.boost": "Because {{ name }} boosted it.",
  "reach.why.curation": "Because {{ name }} chose it for a curated feed.",
  "reach.why.receipts": "Because {{ count }} people read it.",
  "reach.relayed":
    "Brought there by {{ name }}, {{ ago }}. It ends {{ until }}, unless somebody speaks up for it again.",
  "reach.you": "you",
  "reach.checked": "Your device has checked each of these itself.",
  "reach.boosted.people_one": "{{ count }} person boosted it.",
  "reach.boosted.people_other": "{{ count }} people boosted it.",
  "reach.boosted.trusted_one": "Boosted by {{ names }}, whom you trust.",
  "reach.boosted.trusted_other": "Boosted by {{ names }}, whom you trust.",
  "reach.boosted.more_one": "{{ count }} more",
  "reach.boosted.more_other": "{{ count }} more",

  "boost.button": "Boost",
  "boost.done": "Boosted",
  "boost.title": "Let others hear this?",
  "boost.means.name": "Your name stands beside it: whoever gets the boost sees that it is yours.",
  "boost.means.place": "First it goes to {{ place }}, where the post started.",
  "boost.means.home": "First it goes to the people around you.",
  "boost.means.topics": "Then it can reach everybody who reads {{ topics }}, wherever they are.",
  "boost.means.wider": "And it can reach the next wider place, {{ place }}.",
  "boost.means.relay":
    "It goes on where people trust your word: by your own device, if it relays, or by the devices of those who trust you.",
  "boost.means.ever": "It counts for a day and cannot be taken back.",
  "boost.confirm": "Boost it",
  "boost.told": "Boosted. It goes on from here.",

  "relay.title": "Bring posts from here to wider places",
  "relay.hint":
    "Posts of your town that you, people you trust or curators you follow speak up for are brought to the channels of their topics and of the next wider place. It takes a few kilobytes for each.",
  "relay.auto": "When my connection is good",
  "relay.on": "Always",
  "relay.off": "Never",
} satisfies Record<string, string>;
