/** Posts that neighbours hold and have not sent, and saving data. */

export const hints = {
  "lowData.title": "Save data",
  "lowData.hint":
    "Then feeds bring headlines, or only how many posts there are, and each post comes when you open it. What trusted people write for you comes in full.",
  "lowData.auto": "When my connection is slow or metered",
  "lowData.on": "Always",
  "lowData.off": "Never",
} satisfies Record<string, string>;
