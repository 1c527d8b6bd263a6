/** Trusted people: what trusting means, who they are, and what is written for them. */

export const trust = {
  "trust.button": "Trust",
  "trust.stop": "Stop trusting",
  "trust.hint":
    "Trusting {{ name }} means: they see what you write for trusted people, also what you wrote before; between you everything is free; their boosts count. They may learn that you trust them, and nobody else does; you can stop at any time.",
  "trust.done": "You trust {{ name }} now",
  "trust.ended": "{{ name }} gets nothing more of that kind. What they have stays with them.",
  "trust.is": "You trust {{ name }}: they may read what you write for trusted people.",
  "trust.blocked": "Somebody who is blocked cannot be trusted. Unblock them first.",

  "trust.means": "What that means",
  "trust.means.read": "They see what you write for trusted people, and what you wrote for them until now.",
  "trust.means.free": "Between the two of you everything is free.",
  "trust.means.boost": "What they boost counts: it may go on to others because of it.",
  "trust.means.pass":
    "They can pass such posts on to people whom they trust themselves. Their posts come to you only if they trust you, too.",
  "trust.means.quiet":
    "They may learn of it, and nobody else does. This device keeps connected to theirs, and you can stop at any time; what they have then stays with them.",

  "trust.lead": "The people you trust, and what they write for those whom they trust. None of it goes anywhere else.",
  "trust.people": "You trust",
  "trust.none.title": "You trust nobody yet",
  "trust.none.text":
    "Posts without a place and a topic are for trusted people only. Meet somebody whom you know, and let your devices scan each other's code.",
  "trust.linked": "connected",
  "trust.apart": "not connected now",
  "trust.since": "since {{ date }}",
  "trust.posts": "What the neighbourhood wrote",
  "trust.empty":
    "Nothing yet. What trusted people write without a place and a topic appears here, if they trust you, too.",
  "trust.write": "Write to them",

  "trust.add.lead":
    "Scan each other's code when you meet. Each of you decides for yourself; one does not follow from the other.",
  "trust.add.theirs": "Their code",
  "trust.add.theirs.text":
    "Scan it from their screen, or paste their link or address. You see whose it is before anything happens.",
  "trust.add.field": "Link or address",
  "trust.add.go": "Go on",
  "trust.add.unreadable": "There is no address in this text. It starts with mehr1.",
  "trust.add.own": "Your code",
  "trust.add.own.text": "Whoever scans it is asked whether they trust you.",
  "trust.add.qr": "QR code of your link",
  "trust.add.copy": "Copy link",

  "trust.ask": "Do you trust this person?",
  "trust.ask.compare":
    "Anybody can make such a link. Compare the end of the address with the person whom you mean: {{ end }}",
  "trust.ask.alike":
    "This is somebody else, with a name that looks the same as that of {{ name }}, whom you know. Anybody can take such a name. Trust them only if they told you this address themselves.",
  "trust.ask.alike.own":
    "Anybody can take such a name. Trust them only if you know who they are and they told you this address themselves.",
  "trust.ask.alike.open": "See {{ name }}, whom you know",
  "trust.ask.yes": "Trust {{ name }}",
  "trust.ask.no": "Not now",
  "trust.ask.own": "This is your own code",
  "trust.ask.own.text": "It is for others: let them scan it or open the link on their device.",
  "trust.ask.already": "You trust this person",
  "trust.ask.invalid": "This is no address",
  "trust.ask.invalid.text": "The link was not copied whole, or there is a typo in it. Nothing has happened.",

  "trust.audience_one": "Only for the {{ count }} person you trust, and whom they pass it on to.",
  "trust.audience_other": "Only for the {{ count }} people you trust, and whom they pass it on to.",
  "trust.audience.none": "For trusted people only, and you trust nobody yet: it stays on this device until you do.",
  "trust.audience.who": "Who that is",
  "trust.audience.choice": "Who may read it",
  "trust.audience.open": "A place or topic",
  "trust.audience.closed": "Trusted people only",
  "trust.audience.reply": "What you answer is for trusted people only, and so is the answer.",
} satisfies Record<string, string>;
