/** What is read from storage, from files and from the command line: written by an older version, by a script, or damaged. */
import { parseArguments } from "../../../src/relay/arguments.ts";
import { RelayError } from "../../../src/relay/errors.ts";
import { DEFAULT_SETTINGS, loadSettings, parseSettingsPatch } from "../../../src/peer/settings.ts";
import { parseWaiting } from "../../../src/peer/arriving/records.ts";
import { listDrafts, parseDraft } from "../../../src/peer/drafts.ts";
import { PeerError } from "../../../src/peer/errors.ts";
import { rememberedPeers } from "../../../src/peer/peer-memory.ts";
import { siteRelays } from "../../../src/peer/site.ts";
import { settingsCursors } from "../../../src/mesh/protocols/index.ts";
import { isLocalHost, refuseRelay } from "../../../src/mesh/gater.ts";
import { ProviderRecords } from "../../../src/mesh/dht/records.ts";
import { decodeSlice, encodeSlice, HashError, outboardOf } from "../../../src/hash/index.ts";
import { checkSegment, packSegment, segmentEntries, SegmentFault } from "../../../src/store/idb/segment.ts";
import { createMemoryStore } from "../../../src/store/index.ts";
import { scopeFromKey } from "../../../src/wire/index.ts";
import { SeededRandom } from "../../sim/random.ts";
import { mutatedBytes, mutatedText, mutatedValue, oneOf } from "../mutations.ts";
import { asBytes, asText, asValue, damagedText, decoded, type Target } from "../target.ts";
import { held } from "./messages.ts";

const isPeerError = (error: unknown): boolean => error instanceof PeerError;

const SETTINGS = {
  ...DEFAULT_SETTINGS,
  language: "fa",
  topics: ["t:music/jazz", "t:gaming/pokémon"],
  relays: ["wss://relay.example/relay", "ws://localhost:8080/relay"],
  iceServers: [{ urls: "stun:stun.example:3478" }, { urls: "turn:turn.example", username: "a", credential: "b" }],
};

/** A store in which this value lies under every name. */
export function storing(value: unknown) {
  const store = createMemoryStore({ randomBytes: (length) => new Uint8Array(length) });
  store.setting = async () => value;
  return store;
}

const patch: Target = {
  name: "peer: settings, as scripts change them and as they were stored",
  covers: ["peer/settings.ts#parseSettingsPatch", "peer/settings.ts#loadSettings"],
  share: 5_000,
  input: (random) => mutatedValue(SETTINGS, random),
  async check(input) {
    const changed = decoded(() => parseSettingsPatch(input), isPeerError);
    if (changed !== undefined && JSON.stringify(parseSettingsPatch(changed)) !== JSON.stringify(changed)) {
      throw new Error("accepted, but not when it comes again");
    }
    // What was stored falls back setting by setting: there always are settings, and always good ones.
    const loaded = await loadSettings(storing(input));
    parseSettingsPatch(loaded);
    scopeFromKey(loaded.home);
    return changed !== undefined;
  },
  text: asValue,
};

const DRAFT = {
  id: "1",
  headline: "A headline",
  summary: "",
  text: "The text\nof a draft",
  scopes: ["g:europe/nl/utrecht", "t:music"],
  replyTo: "ab".repeat(32),
  kind: "album",
  byline: "An artist",
  attachments: [
    {
      hash: "cd".repeat(32),
      contentType: "audio/ogg",
      size: 40_000,
      blurhash: null,
      altText: "Prelude",
      duration: 201_000,
    },
    {
      hash: "ef".repeat(32),
      contentType: "image/webp",
      size: 20_000,
      blurhash: "LKO2?U%2Tw=w]~RBVZRi};RPxuwH",
      altText: "",
      duration: null,
    },
  ],
  notes: [{ of: "ab".repeat(32), note: "Worth it" }],
  kickbackRate: 128,
  updated: 1_767_225_600_000,
};

const draft: Target = {
  name: "peer: drafts, as scripts give them and as they were stored",
  covers: ["peer/drafts.ts#parseDraft", "peer/drafts.ts#listDrafts"],
  share: 4_000,
  input: (random) => mutatedValue(DRAFT, random),
  async check(input) {
    const parsed = decoded(() => parseDraft(input), isPeerError);
    const store = storing(null);
    store.drafts = async () => [{ id: "1", updated: 0, content: input }];
    const listed = await listDrafts(store);
    if ((parsed === undefined) !== (listed.length === 0))
      throw new Error("read from storage and refused from a script");
    return parsed !== undefined;
  },
  text: asValue,
};

const WAITING = {
  draft: DRAFT,
  id: "https://a.example/2",
  parent: "https://a.example/1",
  isParent: true,
  since: 1_767_225_600_000,
};

const waiting: Target = {
  name: "peer: posts that wait, as they were stored",
  covers: ["peer/arriving/records.ts#parseWaiting"],
  share: 2_000,
  input: (random) => mutatedValue(WAITING, random),
  check(input) {
    const parsed = decoded(() => parseWaiting(input), isPeerError);
    if (parsed === undefined) return false;
    // A backup holds what was read, and is read the same way.
    if (JSON.stringify(parseWaiting(parsed)) !== JSON.stringify(parsed))
      throw new Error("another post in its own words");
    return true;
  },
  text: asValue,
};

const CURSORS = { epoch: new Uint8Array(8).fill(7), since: { "g:europe": 12, "n:ab": 0 } };
const SERVER = new Uint8Array(32).fill(5);

const memory: Target = {
  name: "peer: cursors and peers of earlier days, as they were stored",
  covers: ["mesh/protocols/pub/cursors.ts#settingsCursors", "peer/peer-memory.ts#rememberedPeers"],
  share: 4_000,
  input: (random) => mutatedValue(random.next() < 0.5 ? CURSORS : [SERVER, new Uint8Array(32)], random),
  async check(input) {
    const cursors = await settingsCursors(storing(input)).load(SERVER);
    for (const since of Object.values(cursors?.since ?? {})) {
      if (!Number.isSafeInteger(since) || since < 0) throw new Error(`a cursor at ${since}`);
    }
    const peers = await rememberedPeers(storing(input)).load();
    if (peers.some((peer) => !(peer instanceof Uint8Array) || peer.length !== 32))
      throw new Error("a peer without a key");
    return cursors !== undefined || peers.length > 0;
  },
  text: asValue,
};

const SITE = "https://mehr.example/app/";

const site: Target<string> = {
  name: "peer: config.json of a site",
  covers: ["peer/site.ts#siteRelays"],
  share: 3_000,
  input(random) {
    const config = { relays: ["relay", "wss://other.example/relay", "/relay", "http://[::1]:8080/relay"] };
    const value = mutatedValue(config, random);
    const text = JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? String(item) : item)) ?? "";
    return random.next() < 0.5 ? text : mutatedText(text, random);
  },
  async check(text) {
    const relays = await withoutWarnings(() => siteRelays(SITE, async () => new Response(text)));
    for (const relay of relays) {
      if (!/^wss?:\/\//.test(relay) || new URL(relay).href !== relay) throw new Error(`a relay at ${relay}`);
    }
    return relays.length > 0;
  },
  text: asText,
};

/** A bad config.json is told on the console; thousands of them need not be. */
async function withoutWarnings<Value>(task: () => Promise<Value>): Promise<Value> {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return await task();
  } finally {
    console.warn = warn;
  }
}

const relay: Target<string> = {
  name: "mesh: addresses of relays",
  covers: ["mesh/gater.ts#refuseRelay", "mesh/gater.ts#isLocalHost"],
  share: 4_000,
  input: (random) =>
    damagedText(
      [
        "wss://relay.example/relay",
        "ws://127.0.0.1:80",
        "wss://[::ffff:10.0.0.1]/",
        "wss://192.168.0.1.",
        "ws://a.local",
      ],
      random,
    ),
  check(text) {
    const refusal = refuseRelay(text, { allowLocal: false });
    if (refusal === null && isLocalHost(new URL(text).hostname)) throw new Error("a page may probe the local network");
    return refusal === null;
  },
  text: asText,
};

const args: Target = {
  name: "relay: arguments of the command line",
  covers: ["relay/arguments.ts#parseArguments"],
  share: 2_000,
  input(random) {
    const valid = [
      "--port",
      "8080",
      "--host",
      "::1",
      "--no-app",
      "-h",
      "--cert",
      "a.pem",
      "--identity=key",
      "--",
      "--root",
    ];
    return Array.from({ length: random.below(7) }, () =>
      random.next() < 0.7 ? oneOf(random, valid) : mutatedText(oneOf(random, valid), random),
    );
  },
  check(input) {
    const parsed = decoded(
      () => parseArguments(input as string[]),
      (error) => error instanceof RelayError,
    );
    if (parsed !== undefined && !(parsed.port >= 0 && parsed.port < 65_536)) throw new Error(`port ${parsed.port}`);
    return parsed !== undefined;
  },
  text: asValue,
};

const OBJECT = new SeededRandom(3).bytes(70_000);
const OUTBOARD = outboardOf(OBJECT);
const SLICE = await (async () => {
  const parts: Uint8Array[] = [];
  for await (const part of encodeSlice(OUTBOARD, (start, end) => OBJECT.subarray(start, end))) parts.push(part);
  return Uint8Array.from(Buffer.concat(parts));
})();

const slice: Target<Uint8Array> = {
  name: "hash: slices of objects",
  covers: ["hash/slice.ts#decodeSlice"],
  share: 1_500,
  input: (random) => mutatedBytes(SLICE, random, SLICE),
  async check(bytes) {
    let at = 0;
    try {
      for await (const group of decodeSlice([bytes.subarray(0, 9), bytes.subarray(9)], OUTBOARD)) {
        const { length } = group.bytes;
        if (!Buffer.from(group.bytes).equals(OBJECT.subarray(at, at + length))) throw new Error(`other bytes at ${at}`);
        at += length;
      }
    } catch (error) {
      if (!(error instanceof HashError)) throw error;
      return false;
    }
    return true;
  },
  text: asBytes,
};

const { value: SEGMENT } = packSegment(held.map(({ bytes, hash }, seq) => ({ seq: seq + 1, hash, bytes })));

const segment: Target<Uint8Array> = {
  name: "store: segments of envelopes, as they lie on the disk",
  covers: ["store/idb/segment.ts#checkSegment"],
  share: 3_000,
  input: (random) => mutatedBytes(SEGMENT, random, SEGMENT),
  check(bytes) {
    const accepted = decoded(
      () => {
        checkSegment(bytes, held.length);
        return segmentEntries(bytes);
      },
      (error) => error instanceof SegmentFault,
    );
    if (accepted !== undefined && !Buffer.from(bytes).equals(SEGMENT)) throw new Error("damage that nobody notices");
    return accepted !== undefined;
  },
  text: asBytes,
};

type Key = Parameters<ProviderRecords["has"]>[0];
const keyOf = (text: string): Key => ({ toString: () => text }) as Key;

const providers: Target = {
  name: "mesh: provider records of the DHT",
  covers: ["mesh/dht/records.ts#ProviderRecords"],
  share: 2_000,
  input: (random) =>
    Array.from({ length: 40 }, () => ({
      put: random.next() < 0.8,
      key: `/dht/provider/${random.below(12)}/${random.below(6)}`,
      value: random.bytes(8),
    })),
  check(input) {
    const records = new ProviderRecords({ maxRecords: 16, maxRecordsOfOne: 4, self: "0" });
    for (const { key, put, value } of input as { key: string; put: boolean; value: Uint8Array }[]) {
      const mine = (): number => [...records.query({})].filter((pair) => pair.key.toString().endsWith("/0")).length;
      const before = mine();
      if (put) records.put(keyOf(key), value);
      else records.delete(keyOf(key));
      // Own records are bounded by what this peer provides itself, so only those of others are counted here.
      if (records.size - mine() > 16) throw new Error(`${records.size} records`);
      if (put && mine() < before) throw new Error("an own record was pushed out");
    }
    for (const provider of ["1", "2", "3", "4", "5"]) {
      const own = [...records.query({})].filter((pair) => pair.key.toString().endsWith(`/${provider}`));
      if (own.length > 4) throw new Error(`${own.length} records of one provider`);
    }
    return true;
  },
  text: asValue,
};

export const recordTargets: readonly Target[] = [
  patch,
  draft,
  waiting,
  memory,
  site,
  relay,
  args,
  slice,
  segment,
  providers,
];
