/** Plain posts as people write them: some words, where, and about what. What an envelope of today takes is measured with them. */
import { compose } from "../../src/social/compose.ts";
import { scopeFromKey, type NodeKey } from "../../src/wire/index.ts";

export interface PlainPost {
  readonly headline: string;
  readonly text: string;
  /** Scope keys: a place and a topic. */
  readonly scopes: readonly [place: string, topic: string];
}

export const PLAIN_POSTS: readonly PlainPost[] = [
  {
    headline: "",
    text: "The bakery on the corner has closed for good. Does anybody know where they went?",
    scopes: ["g:europe/nl/utrecht/oost", "t:neighbourhood/shops"],
  },
  {
    headline: "Jam session on Friday",
    text: "Bring an instrument, or two ears. The bar opens at eight and the first set begins at nine.",
    scopes: ["g:europe/nl/utrecht", "t:music/jazz"],
  },
  {
    headline: "",
    text: "Roadworks on the bridge until Sunday, cyclists have to take the ferry.",
    scopes: ["g:europe/nl/rotterdam", "t:traffic/cycling"],
  },
  {
    headline: "Lost: grey cat, white paws",
    text: "Answers to Minka, was last seen near the playground on Tuesday evening. Please look into your sheds and cellars.",
    scopes: ["g:europe/de/berlin/neukölln", "t:animals/cats"],
  },
  {
    headline: "",
    text: "Wer hat am Samstag Zeit, beim Aufbau für das Straßenfest zu helfen? Es gibt Kaffee und Kuchen.",
    scopes: ["g:europe/de/leipzig/südvorstadt", "t:neighbourhood/feste"],
  },
  {
    headline: "کتاب‌خوانی پنج‌شنبه",
    text: "این هفته «بوف کور» را می‌خوانیم. ساعت شش، کافه‌ی کنار پارک. آمدن برای همه آزاد است.",
    scopes: ["g:asia/ir/tehran", "t:books/persian"],
  },
  {
    headline: "",
    text: "آب منطقه‌ی ما تا فردا ظهر قطع است. کسی خبر دارد چرا؟",
    scopes: ["g:asia/ir/shiraz", "t:neighbourhood/water"],
  },
  {
    headline: "Deck list for Saturday",
    text: "I will play the water deck again. If you bring lightning, be warned: I have learned since the last time.",
    scopes: ["g:north-america/us/oregon/portland", "t:gaming/pokemon/competitive"],
  },
  {
    headline: "",
    text: "First swallows over the harbour this morning, nine days earlier than last year.",
    scopes: ["g:europe/dk/aarhus", "t:nature/birds"],
  },
  {
    headline: "Seed swap in the library",
    text: "Tomatoes, beans and everything that you have too much of. Saturday from ten to two, in the room upstairs.",
    scopes: ["g:europe/uk/bristol/bedminster", "t:gardening/seeds"],
  },
  {
    headline: "",
    text: "夜の市場は今週も開いています。雨でも屋根の下でやっています。",
    scopes: ["g:asia/jp/tokyo/shibuya", "t:food/markets"],
  },
  {
    headline: "",
    text: "The meeting about the new school has moved to the town hall, Thursday at seven. They want to hear from parents before they decide, so come even if you have only one question.",
    scopes: ["g:europe/ie/galway", "t:education/schools"],
  },
];

/** Bytes of the envelope that the composer makes of it, with every default, once it is signed. */
export function plainEnvelopeBytes({ headline, scopes, text }: PlainPost, author: NodeKey, now: number): number {
  const matter = { kind: "text", byline: "", attachments: [], notes: [], kickbackRate: 128 } as const;
  const draft = { ...matter, headline, summary: "", text, scopes, replyTo: null, references: [] };
  const { envelopeBytes, problems } = compose(draft, { author, home: scopeFromKey(scopes[0]), now });
  if (problems.length > 0) throw new Error(`${text}: ${problems.map(({ code }) => code).join()}`);
  return envelopeBytes;
}
