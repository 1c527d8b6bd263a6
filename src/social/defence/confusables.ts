/**
 * Letters that look like a Latin letter, or like each other: a selection from the Unicode Consortium's confusables.txt (Unicode
 * Technical Standard 39, "Unicode Security Mechanisms"), of the letters of living scripts that names are written in and that
 * NFKC does not make one already. In each class the first stands for all. Capitals have a table of their own, since a letter may
 * look like one as a capital and like another one as a small letter.
 */
const CAPITALS: readonly string[] = [
  "AΑАᎪ",
  "BΒВᏴ",
  "CСϹᏟ",
  "DᎠ",
  "EΕЕᎬ",
  "FϜ",
  "GԌᏀ",
  "HΗНᎻ",
  "IΙІӀ",
  "JЈᎫ",
  "KΚКᏦ",
  "LᏞ",
  "MΜМᎷ",
  "NΝ",
  "OΟОՕ",
  "PΡРᏢ",
  "QԚ",
  "SЅՏᏚ",
  "TΤТᎢ",
  "VѴᏙ",
  "WԜᎳ",
  "XΧХ",
  "YΥҮУᎩ",
  "ZΖᏃ",
];

const SMALL: readonly string[] = [
  "aаαɑ",
  "bьƅ",
  "cсϲᴄ",
  "dԁ",
  "eеҽ",
  "gɡց",
  "hһհ",
  "jјϳ",
  "nոռ",
  "oоοօσ0о๐໐סہه०০੦૦௦౦೦൦٥۵",
  "pрρϱ",
  "qԛգ",
  "rгᴦ",
  "sѕƽꜱ",
  "uυսʋᴜ",
  "vνѵᴠט",
  "wѡԝաɯᴡ",
  "xхχ×",
  "yуүγɣʏ",
  "zᴢ",
  // One stroke. A capital i is one as well, and names are compared in lower case, so the small i stands among them.
  "liіιıɩӏ1|׀ا١۱ߊו",
  "3зʒӡ",
  "6б",
  "ىيی",
  "كک",
];

/** What looks like two. */
const PAIRS: readonly (readonly [string, string])[] = [
  ["m", "rn"],
  ["æ", "ae"],
  ["œ", "oe"],
  ["ы", "bl"],
  ["ю", "lo"],
];

const capitals = tableOf(CAPITALS);
const small: ReadonlyMap<string, string> = new Map([...tableOf(SMALL), ...PAIRS]);

/** The Latin capital that this one looks like; itself where it looks like none. */
export function capitalOf(letter: string): string {
  return capitals.get(letter) ?? letter;
}

/** What stands for a letter in lower case and all that look like it. */
export function prototypeOf(letter: string): string {
  return small.get(letter) ?? letter;
}

function tableOf(classes: readonly string[]): Map<string, string> {
  return new Map(
    classes.flatMap((letters) => {
      const [first = "", ...others] = letters;
      return others.map((letter) => [letter, first] as const);
    }),
  );
}
