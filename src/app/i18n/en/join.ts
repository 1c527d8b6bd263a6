/** What the pages for inviting and joining say. Loaded with them. */

export const join = {
  title: "Invite or join",
  lead: "Two browsers can connect without any server: one invites, the other answers. From then on the rest of the network comes through each other.",

  "host.title": "Invite someone",
  "host.text": "Make an invitation for one person. It is good for ten minutes, as long as you keep this page open.",
  "host.make": "Make an invitation",
  "host.making": "Making an invitation",
  "host.again": "Make a new invitation",
  "host.step.one": "1. Show it or send it",
  "host.step.one.text": "Let the other person scan this picture, or send them the link by any way you trust.",
  "host.step.two": "2. Put in the answer",
  "host.step.two.text": "The other person sees an answer. Scan it from their screen, or let them send it to you.",
  "host.expired": "This invitation is over",
  "host.expired.text": "Nobody used it in time. Nothing has happened.",

  "guest.title": "Join with a code",
  "guest.text": "Somebody has sent you a link or a code, or shows you a picture to scan.",
  "guest.reading": "Looking at the invitation",
  "guest.invited": "You are invited",
  "guest.by": "by {{ name }}",
  "guest.by.text":
    "Compare the end of the address with the person who sent it to you. Both of you will learn each other's network address.",
  "guest.answer": "Answer",
  "guest.answering": "Making your answer",
  "guest.reply": "Send this back",
  "guest.reply.text":
    "Let {{ name }} scan this picture or send them this code. As soon as it is put in there, you are linked.",
  "guest.waiting": "Waiting for {{ name }}",
  "guest.late": "The answer was not used in time",
  "guest.late.text": "Ask for a new invitation.",

  "code.qr": "QR code of the link",
  "code.share": "Share",
  "code.copy": "Copy link",
  "code.copied": "Link copied",
  "code.shown": "The link as text",
  "code.left.minutes_one": "Good for {{ count }} more minute.",
  "code.left.minutes_other": "Good for {{ count }} more minutes.",
  "code.left.seconds": "Good for less than a minute.",

  "field.answer": "Answer of the other person",
  "field.offer": "Link or code",
  "field.scan": "Scan",
  "field.connect": "Connect",
  "field.go": "Go on",
  "field.connecting": "Connecting",

  "scan.title": "Scan a code",
  "scan.text": "Hold the code before the camera.",
  "scan.starting": "Waiting for the camera",
  "scan.view": "Picture of the camera",
  "scan.file": "Choose a picture instead",
  "scan.denied":
    "The browser may not use the camera. Allow it beside the address, choose a picture, or paste the code.",
  "scan.none": "There is no camera that can be used. Choose a picture, or paste the code.",
  "scan.nothing": "There is no code in this picture that can be read. Take it from closer, with the whole code in it.",

  "linked.title": "You are linked",
  "linked.text": "You and {{ name }} are connected directly. What either of you writes reaches the other.",
  "linked.feed": "Go to the posts",
  "linked.person": "Look at the profile",

  "answer.connecting": "Connecting",

  "problem.title": "That did not work",
  INVITE_MALFORMED: "This is not a whole code.",
  "INVITE_MALFORMED.do": "Copy it again, from its beginning to its end, or scan it.",
  INVITE_SIGNATURE_INVALID: "This code was changed on its way, or it is not from the person that it names.",
  "INVITE_SIGNATURE_INVALID.do": "Do not use it. Ask the person for a new one, in a way that you trust.",
  INVITE_EXPIRED: "The time of this code is over.",
  "INVITE_EXPIRED.do":
    "Ask for a new one, or make one. If it has just been made, see that the clocks of both devices are right.",
  INVITE_USED: "This code was used already.",
  "INVITE_USED.do": "Each code is good for one try. Make a new invitation.",
  INVITE_UNKNOWN: "This answer belongs to an invitation that is not open here.",
  "INVITE_UNKNOWN.do": "The page may have been loaded anew since, which ends its invitations. Make a new one.",
  INVITE_OWN: "This is your own code.",
  "INVITE_OWN.do": "It is for the other person: let them scan it or open the link on their device.",
  INVITE_NOT_FOR_YOU: "This code is for somebody else.",
  "INVITE_NOT_FOR_YOU.do": "Ask for an invitation of your own.",
  INVITE_WRONG_KIND: "An invitation was put where an answer belongs, or the other way round.",
  "INVITE_WRONG_KIND.do": "One of you invites, the other opens the link and sends the answer back.",
  INVITE_FAILED: "The two browsers found no way to each other.",
  "INVITE_FAILED.do":
    "Some networks, above all mobile ones and those of companies, let no direct connection through, and without a server in between they cannot be crossed. Try with both devices in the same network, switch off a VPN, or use a relay or a STUN server (settings, network). Then make a new invitation.",
  other: "The code could not be used ({{ code }}).",
  "other.do": "Try again. If it stays so, look at what the diagnostics say.",
};

export type JoinWords = { readonly [Key in keyof typeof join]: string };
