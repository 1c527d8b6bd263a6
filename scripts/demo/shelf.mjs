/**
 * What the demonstration town says: texts and pictures in the public domain, each with where it is from. The five who say
 * it are columns, not people. A piece that answers, refers or is chosen names another one by its `id`.
 *
 * Pictures are those of Debian's python3-skimage (its docstrings name the licence of each), 720 pixels wide as WebP.
 */

/** @typedef {{ file: string, blurhash: string, altText: string, source: string }} Picture */
/**
 * @typedef {object} Piece
 * @property {string} id
 * @property {Column} by
 * @property {string} headline
 * @property {string} text
 * @property {string} source
 * @property {string[]} topics
 * @property {string} [answers]
 * @property {string[]} [refers]
 * @property {Picture[]} [pictures]
 */
/** @typedef {"poems" | "sky" | "table" | "field" | "room"} Column */

/** @type {Record<Column, { name: string, bio: string }>} */
export const COLUMNS = {
  poems: { name: "The Poetry Shelf", bio: "Verse that belongs to everybody, one poem at a time." },
  sky: { name: "Night Sky", bio: "What is up there, and what has been said of it." },
  table: { name: "The Tea Table", bio: "Tea, bread and talk." },
  field: { name: "Field Notes", bio: "Woods, ponds, birds, and those who looked at them for long." },
  room: { name: "The Reading Room", bio: "Reads everything here and keeps what is worth an evening." },
};

/** @type {Piece[]} */
export const PIECES = [
  {
    id: "hope",
    by: "poems",
    headline: "Hope is the thing with feathers",
    text: "Hope is the thing with feathers\nThat perches in the soul,\nAnd sings the tune without the words,\nAnd never stops at all,\n\nAnd sweetest in the gale is heard;\nAnd sore must be the storm\nThat could abash the little bird\nThat kept so many warm.\n\nI've heard it in the chillest land,\nAnd on the strangest sea;\nYet, never, in extremity,\nIt asked a crumb of me.",
    source: "Emily Dickinson, Poems, Second Series, 1891",
    topics: ["t:poetry"],
  },
  {
    id: "woods",
    by: "field",
    headline: "Why I went to the woods",
    text: "I went to the woods because I wished to live deliberately, to front only the essential facts of life, and see if I could not learn what it had to teach, and not, when I came to die, discover that I had not lived.\n\nI did not wish to live what was not life, living is so dear; nor did I wish to practise resignation, unless it was quite necessary. I wanted to live deep and suck out all the marrow of life.",
    source: "Henry David Thoreau, Walden, 1854",
    topics: ["t:nature/woods"],
  },
  {
    id: "deep-field",
    by: "sky",
    headline: "A patch of sky, ten years long",
    text: "Ten years of pictures of one small patch in the constellation Fornax, laid on top of each other. Nearly everything in it is a galaxy; the faintest are a ten-thousand-millionth as bright as what the eye can see.",
    source: "NASA, ESA, Hubble eXtreme Deep Field, 2012",
    topics: ["t:sky/hubble"],
    pictures: [
      {
        file: "deep-field.webp",
        blurhash: "L03[rDs;9Zozs;%2R%D%I;w|9FNG",
        altText: "Black sky full of small galaxies: white, yellow, red and blue specks, spirals and discs.",
        source: "NASA; public domain",
      },
    ],
  },
  {
    id: "tea",
    by: "table",
    headline: "Tea began as a medicine",
    text: "Tea began as a medicine and grew into a beverage. In China, in the eighth century, it entered the realm of poetry as one of the polite amusements. The fifteenth century saw Japan ennoble it into a religion of aestheticism: Teaism.\n\nTeaism is a cult founded on the adoration of the beautiful among the sordid facts of everyday existence.",
    source: "Kakuzo Okakura, The Book of Tea, 1906",
    topics: ["t:food/tea"],
  },
  {
    id: "astronomer",
    by: "poems",
    headline: "When I heard the learn'd astronomer",
    text: "When I heard the learn'd astronomer,\nWhen the proofs, the figures, were ranged in columns before me,\nWhen I was shown the charts and diagrams, to add, divide, and measure them,\nWhen I sitting heard the astronomer where he lectured with much applause in the lecture-room,\nHow soon unaccountable I became tired and sick,\nTill rising and gliding out I wander'd off by myself,\nIn the mystical moist night-air, and from time to time,\nLook'd up in perfect silence at the stars.",
    source: "Walt Whitman, Drum-Taps, 1865",
    topics: ["t:poetry", "t:sky"],
  },
  {
    id: "bright-star",
    by: "sky",
    headline: "Bright star",
    text: "Bright star, would I were stedfast as thou art\nNot in lone splendour hung aloft the night\nAnd watching, with eternal lids apart,\nLike nature's patient, sleepless Eremite,\nThe moving waters at their priestlike task\nOf pure ablution round earth's human shores",
    source: "John Keats, 1819; its first lines",
    topics: ["t:poetry", "t:sky"],
    answers: "astronomer",
  },
  {
    id: "coffee",
    by: "table",
    headline: "A cup, seen from above",
    text: "The morning one.",
    source: "Photograph by Rachel Michetti, Pikolo Espresso Bar; CC0",
    topics: ["t:food/coffee"],
    pictures: [
      {
        file: "coffee.webp",
        blurhash: "LPJ$KeNdrqxF~AE357IpS~SgX7S2",
        altText: "A cup of coffee on a saucer with a spoon, on a wooden table.",
        source: "Rachel Michetti; CC0",
      },
    ],
  },
  {
    id: "grandeur",
    by: "field",
    headline: "There is grandeur in this view of life",
    text: "There is grandeur in this view of life, with its several powers, having been originally breathed into a few forms or into one; and that, whilst this planet has gone cycling on according to the fixed law of gravity, from so simple a beginning endless forms most beautiful and most wonderful have been, and are being, evolved.",
    source: "Charles Darwin, On the Origin of Species, 1859; its last sentence",
    topics: ["t:nature", "t:science"],
  },
  {
    id: "hitched",
    by: "sky",
    headline: "",
    text: "When we try to pick out anything by itself, we find it hitched to everything else in the universe. (John Muir, My First Summer in the Sierra, 1911)",
    source: "",
    topics: ["t:nature", "t:science"],
    answers: "grandeur",
  },
  {
    id: "saadi",
    by: "poems",
    headline: "بنی‌آدم اعضای یک پیکرند",
    text: "بنی‌آدم اعضای یک پیکرند\nکه در آفرینش ز یک گوهرند\nچو عضوی به درد آورد روزگار\nدگر عضوها را نماند قرار\nتو کز محنت دیگران بی‌غمی\nنشاید که نامت نهند آدمی",
    source: "سعدی، گلستان، باب اول",
    topics: ["t:poetry/persian"],
  },
  {
    id: "tyger",
    by: "poems",
    headline: "The Tyger",
    text: "Tyger Tyger, burning bright,\nIn the forests of the night;\nWhat immortal hand or eye,\nCould frame thy fearful symmetry?\n\nIn what distant deeps or skies,\nBurnt the fire of thine eyes?\nOn what wings dare he aspire?\nWhat the hand, dare seize the fire?",
    source: "William Blake, Songs of Experience, 1794; its first stanzas",
    topics: ["t:poetry"],
  },
  {
    id: "cat",
    by: "field",
    headline: "A smaller one, by daylight",
    text: "Seen at arm's length. It was not impressed.",
    source: "Chelsea, photographed by Stefan van der Walt; CC0",
    topics: ["t:nature/cats"],
    answers: "tyger",
    pictures: [
      {
        file: "cat.webp",
        blurhash: "L7HT:D+@yZ%0D%%MRQ?bkr%MxYR.",
        altText: "The face of a tabby cat, looking past the camera.",
        source: "Stefan van der Walt; CC0",
      },
    ],
  },
  {
    id: "bough",
    by: "table",
    headline: "A loaf of bread, and thou",
    text: "A Book of Verses underneath the Bough,\nA Jug of Wine, a Loaf of Bread, and Thou\nBeside me singing in the Wilderness;\nOh, Wilderness were Paradise enow!",
    source: "Edward FitzGerald, Rubáiyát of Omar Khayyám, fifth edition, 1889",
    topics: ["t:food/bread", "t:poetry"],
    refers: ["saadi", "tea"],
  },
  {
    id: "morning",
    by: "room",
    headline: "Begin the morning by saying this",
    text: "Begin the morning by saying to thyself, I shall meet with the busybody, the ungrateful, arrogant, deceitful, envious, unsocial. All these things happen to them by reason of their ignorance of what is good and evil.\n\nFor we are made for co-operation, like feet, like hands, like eyelids, like the rows of the upper and lower teeth. To act against one another then is contrary to nature.",
    source: "Marcus Aurelius, Meditations, book II, translated by George Long, 1862",
    topics: ["t:ideas"],
    refers: ["saadi", "woods"],
  },
  {
    id: "launch",
    by: "sky",
    headline: "On its way to watch the sun",
    text: "A rocket leaves Cape Canaveral with DSCOVR, which looks at the sun from between it and the earth and warns of storms.",
    source: "SpaceX, 2015; public domain",
    topics: ["t:sky/rockets"],
    pictures: [
      {
        file: "rocket.webp",
        blurhash: "L67d|S.A4.WA03M{=_a}#NjCNeof",
        altText: "A rocket rising at dusk from a launch pad with a tall tower, on a column of bright flame.",
        source: "SpaceX; public domain",
      },
    ],
  },
  {
    id: "ozymandias",
    by: "poems",
    headline: "Ozymandias",
    text: "I met a traveller from an antique land,\nWho said: Two vast and trunkless legs of stone\nStand in the desart. Near them, on the sand,\nHalf sunk a shattered visage lies, whose frown,\nAnd wrinkled lip, and sneer of cold command,\nTell that its sculptor well those passions read\nWhich yet survive, stamped on these lifeless things,\nThe hand that mocked them, and the heart that fed.",
    source: "Percy Bysshe Shelley, 1818; its first eight lines",
    topics: ["t:poetry"],
  },
  {
    id: "nothing-beside",
    by: "poems",
    headline: "",
    text: "Nothing beside remains. Round the decay\nOf that colossal Wreck, boundless and bare\nThe lone and level sands stretch far away.",
    source: "",
    topics: ["t:poetry"],
    answers: "ozymandias",
  },
  {
    id: "consistency",
    by: "room",
    headline: "On having said something else yesterday",
    text: "A foolish consistency is the hobgoblin of little minds, adored by little statesmen and philosophers and divines. With consistency a great soul has simply nothing to do.",
    source: "Ralph Waldo Emerson, Self-Reliance, 1841",
    topics: ["t:ideas"],
  },
  {
    id: "drum",
    by: "field",
    headline: "A different drummer",
    text: "If a man does not keep pace with his companions, perhaps it is because he hears a different drummer. Let him step to the music which he hears, however measured or far away.",
    source: "Henry David Thoreau, Walden, 1854",
    topics: ["t:ideas"],
    answers: "consistency",
    refers: ["woods"],
  },
  {
    id: "summers-day",
    by: "poems",
    headline: "Shall I compare thee to a summer's day?",
    text: "Shall I compare thee to a summer's day?\nThou art more lovely and more temperate:\nRough winds do shake the darling buds of May,\nAnd summer's lease hath all too short a date",
    source: "William Shakespeare, Sonnet 18, 1609; its first lines",
    topics: ["t:poetry"],
  },
  {
    id: "nothing-like",
    by: "room",
    headline: "",
    text: "My mistress' eyes are nothing like the sun; coral is far more red, than her lips red. (Sonnet 130, the other way of saying it)",
    source: "",
    topics: ["t:poetry"],
    answers: "summers-day",
  },
];

/** Who carries what on, beyond the column that said it. */
export const BOOSTS = [
  ["room", "hope"],
  ["sky", "astronomer"],
  ["field", "deep-field"],
  ["poems", "grandeur"],
  ["table", "saadi"],
  ["room", "saadi"],
  ["field", "tyger"],
  ["poems", "bough"],
];

/** What the curator keeps, oldest first. */
export const CHOSEN = {
  name: "Worth an evening",
  description: "What was said here that one reads twice.",
  by: /** @type {Column} */ ("room"),
  entries: [
    ["hope", "Three stanzas. Learn it by heart, it weighs nothing."],
    ["grandeur", "The last sentence of a long book, and the best one."],
    ["deep-field", "Look at it for a minute before you read what it is."],
    ["saadi", "Seven hundred and fifty years old; said to every newcomer at this address."],
    ["astronomer", "Read the answer below it, too."],
  ],
};

/** Who trusts whom: one word of each. */
export const TRUST = [
  ["table", "field"],
  ["field", "table"],
  ["room", "poems"],
  ["poems", "room"],
  ["sky", "field"],
];
