/** What the page for another device of the same person says. Loaded with it. */

export const devices = {
  title: "Another device",
  lead: "Be the same person on two devices. Your key goes straight from one to the other, encrypted, and through no server.",

  "give.title": "From here to another device",
  "give.text": "Show a code here, and scan it with the other device. It is good for ten minutes and for one device.",
  "give.show": "Show the code",
  "give.making": "Making a code",
  "give.again": "Show another code",
  "give.step.one": "1. Scan this with the other device",
  "give.step.one.text":
    "Open Mehr there, choose “Another device”, and scan. Show this code to nobody else. Nothing is given before you say yes here.",
  "give.step.two": "2. If the other device shows an answer",
  "give.step.two.text":
    "Where no network connects the two by itself, the other device shows a code of its own. Scan or put it in here.",
  "give.answer": "Answer of the other device",
  "give.ask": "Is this your other device?",
  "give.ask.text":
    "It shows this number as well. If it shows another one or none, somebody else has seen your code: say no.",
  "give.ask.warning":
    "Yes gives it your key. Whoever has that device can then write in your name, and that cannot be taken back.",
  "give.yes": "Yes, the numbers are the same",
  "give.no": "No",
  "give.done": "Your other device has everything",
  "give.done.text":
    "Both are you now. What you write on one comes to the other as soon as both are open and connected.",

  "take.title": "From another device to here",
  "take.text": "On the device that you have been using: settings, another device, show the code. Then scan it here.",
  "take.field": "Link or code of the other device",
  "take.ask": "Become the person on the other device?",
  "take.ask.text": "What is in this browser now stays beside it; you can switch on your own page.",
  "take.go": "Bring it here",
  "take.busy": "Reading the code",
  "take.reaching": "Looking for the other device",
  "take.answer": "If that takes long",
  "take.answer.text":
    "Let the other device scan this, or put the link in there. Then they connect without any network between them.",
  "take.number": "Compare this number",
  "take.number.text": "Say yes on the other device if it shows the same.",
  "take.restoring": "Checking and storing it",

  moving: "On its way: {{ moved }} of {{ size }}",
  packing: "Gathering everything",
  stop: "Stop",
  home: "Go to the posts",
  elsewhere: "No other device at hand? Use the 24 words or a backup file",

  "problem.title": "That did not work",
  "problem.again": "Start over",
  DEVICE_EXPIRED: "Ten minutes are over, and the code was not used.",
  DEVICE_REFUSED: "“No” was chosen on the device that has the identity. Nothing was given.",
  DEVICE_LOST: "The connection between the two devices broke. Keep both open and close to each other, and try again.",
  DEVICE_SPENT: "This code was used already. Show another one.",
  DEVICE_FOREIGN: "The device at the other end is not the one that showed the code. Nothing was taken from it.",
  DEVICE_ENDED: "It was stopped. Nothing was given.",
  IDENTITY_PRESENT: "This device is that person already. Switch on your own page.",
  BACKUP_DAMAGED: "What came was damaged. Nothing was taken from it.",
  BACKUP_TOO_LARGE: "There is too much to bring over at once: more than 512 MB.",
  other: "Something failed ({{ code }}).",
};

export type DevicesWords = { readonly [Key in keyof typeof devices]: string };
