/**
 * Letters that look like another letter, in classes: the first of each stands for all. Taken from the Unicode Consortium's
 * confusables.txt (Unicode Technical Standard 39, "Unicode Security Mechanisms", version 15.1), of which these are the letters
 * of living scripts that names are written in and that NFKC, lower case and the removal of marks do not make one already.
 * In lower case. What looks like two letters stands for both.
 */
const CLASSES: readonly string[] = [
  // Latin, Cyrillic, Greek, Armenian, Cherokee and the letters of phonetics that look like them.
  "aаαɑ",
  "bЬьᏏƅ",
  "cсϲᴄ",
  "dԁɗ",
  "eеҽєεɛ℮",
  "fғϝƒꞙ",
  "gɡցɢ",
  "hһհн",
  "jјϳʝ",
  "kкκқ",
  "nոռηп",
  "oоοօ0ѳө๐໐סہه०০੦૦௦౦೦൦۰٠",
  "pрρϱ",
  "qԛգʠ",
  "rгᴦꭇ",
  "sѕꜱƽ",
  "tтτ",
  "uυսцʋᴜ",
  "vνѵᴠ",
  "wѡԝաω",
  "xхχ",
  "yуүγʏ",
  "zᴢʐ",
  // One stroke: capital i is lower l, and l is one. Names are compared in lower case, so i is among them.
  "liі1ιı|ӏ׀١۱ߊ",
  "3зʒзӡ",
  "6б",
  // Arabic and Persian, where keyboards differ.
  "ىيی",
  "كکګ",
  "ةۀۃ",
  "٤۴",
  "٥۵",
  "٦۶",
];

/** What looks like two. */
const PAIRS: readonly (readonly [string, string])[] = [
  ["m", "rn"],
  ["м", "rn"],
  ["ɯ", "w"],
  ["æ", "ae"],
  ["œ", "oe"],
  ["ы", "bl"],
  ["ю", "lo"],
];

const TABLE: ReadonlyMap<string, string> = new Map([
  ...CLASSES.flatMap((letters) => {
    const [first = "", ...others] = letters;
    return others.map((letter) => [letter, first] as const);
  }),
  ...PAIRS,
]);

/** The letter that this one looks like; itself where it looks like none of the table. */
export function prototypeOf(letter: string): string {
  return TABLE.get(letter) ?? letter;
}
