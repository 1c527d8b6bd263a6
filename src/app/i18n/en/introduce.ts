/** Whether this peer introduces its neighbours to each other. */

export const introduce = {
  "introduce.title": "Introduce connected people to each other",
  "introduce.hint":
    "Then the network goes on where no relay can be reached. It takes a few kilobytes each time and shows nobody what you read or write.",
  "introduce.auto": "When my connection is good",
  "introduce.on": "Always",
  "introduce.off": "Never",
} satisfies Record<string, string>;
