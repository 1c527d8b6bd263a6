/** What the app says of itself as an app: install, update, shares, addresses, and when a part of it does not start. */

export const pwa = {
  "install.done": "Mehr is installed.",

  "device.title": "This device",
  "device.install": "As an app",
  "device.install.is": "Mehr runs as an app of its own here.",
  "device.install.none": "This browser offers no way to install it from here; its own menu may have one.",
  "device.badge": "Show on the icon how much is new in the inbox, and how many of my posts wait to be sent",
  "device.badge.hint": "Only while Mehr is out of sight. It goes when you look, or when they are read and sent.",
  "device.links": "web+mehr links",
  "device.links.text": "Links that begin with web+mehr: lead to a person, a post or a place, whoever hosts the app.",
  "device.links.button": "Open them here",
  "device.links.asked": "The browser asks you, or has been told before.",
  "device.links.failed": "The browser did not allow it ({{ reason }}).",
  "device.offline": "Without a network",
  "device.offline.ready": "Mehr opens, with what is kept here.",
  "device.offline.coming": "The app's files are being kept; until that is done it does not open.",
  "device.offline.refused":
    "Mehr does not open: its files could not be kept. The browser may have no room, or the connection broke off. The next visit tries again.",
  "device.offline.unsupported":
    "Mehr does not open: this browser or window keeps no apps. A normal window over https does.",
  "device.version": "Version",
  "device.out": "Ways out when something is stuck",

  "failed.out": "Other ways out",
  "failed.WORKER_UNAVAILABLE":
    "A script of Mehr could not be loaded or does not run here. The connection may have broken off, an extension may block it, or the browser is too old. If starting again does not help, “Other ways out” loads the app anew.",
  "failed.STORE_NEWER":
    "What is kept here was written by a newer version of Mehr. Reload the page to get that version.",
  "failed.STORE_BLOCKED": "Another tab keeps an older version of the storage open. Close the other tabs of Mehr.",
  "failed.STORE_CLOSED": "The browser has closed the storage of this site, perhaps because its data was cleared.",

  "share.kept": "It is a draft now. Nothing is published until you say so.",
  "share.leftOut": "Left out: {{ names }}. Posts carry words only so far.",
  "share.gone.title": "This was taken up already",
  "share.gone.text": "If you have not published or discarded it, it is among your drafts.",
  "share.refused.title": "What you shared could not be taken",
  "share.refused.too-large": "It is too large. Share less at once, or copy the part that you need.",
  "share.refused.unreadable": "It could not be read. Share it once more, or copy it and paste it here.",
  "share.refused.empty": "There was nothing in it.",
  "share.refused.full": "Too many shares wait to become drafts. They are taken up now; then share this once more.",
  "share.refused.no-room": "The browser has no room left for this site. Free some space, then share it once more.",

  "open.title": "Open an address",
  "open.empty": "The address names nothing.",
  "open.too-long": "The address is longer than any address of Mehr.",
  "open.malformed": "This is not an address of Mehr, or a part of it is missing. Nothing was opened.",
  "open.unknown": "This address is of a kind that this version does not know. A newer one may.",
  "open.address": "Address: {{ address }}",
} satisfies Record<string, string>;
