/** What is said when one identity is open on two devices. */

export const twin = {
  "twin.title": "You are open on another device, too",
  "twin.text":
    "The same identity runs there at this moment. Nothing is lost: both devices come to hold what you write on either. They take turns at being linked to others, so things arrive later than usual. If it is not you, somebody else has your 24 words.",
} as const;
