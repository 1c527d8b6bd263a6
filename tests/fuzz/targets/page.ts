/** What a page, a script in its console or a stranger's browser asks for: calls of PeerApi, and requests to the server. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { paragraphsOf, splitLinks } from "../../../src/app/text/links.ts";
import { displayLine, displayText } from "../../../src/app/text/display.ts";
import { StaticFiles } from "../../../src/relay/static-files.ts";
import { codeOf } from "../../../src/rpc/errors.ts";
import { encodeNodeId } from "../../../src/wire/index.ts";
import { draftOf, Town } from "../../sim/town.ts";
import { mutatedText, mutatedValue, oneOf } from "../mutations.ts";
import { asText, asValue, damagedText, type Target } from "../target.ts";

const town = new Town({ seed: 4 });
const resident = await town.arrive();
const HASH = "ab".repeat(32);
const ID = encodeNodeId(new Uint8Array(32).fill(8));

/** Valid arguments of every call that goes on living with its peer. */
const CALLS: Readonly<Record<string, readonly unknown[]>> = {
  welcome: ["later"],
  saveProfile: [{ displayName: "Ana", bio: "", scopes: ["g:europe"] }],
  follow: [ID],
  unfollow: [ID],
  saveDraft: [draftOf("A draft")],
  dropDraft: ["draft A draft"],
  preview: [draftOf("A preview")],
  publish: [draftOf("A post")],
  envelope: [HASH],
  feed: [{ feed: { kind: "scope", scope: "g:europe", match: "exact" }, limit: 5, before: { created: 5, hash: HASH } }],
  post: [HASH, {}],
  hashFile: [null, {}],
  suggestScopes: [{ kind: "geo", text: "eur", limit: 5 }],
  normaliseScope: [{ kind: "topic", text: "Jazz" }],
  updateSettings: [{ home: "g:europe/nl" }],
  saveFeed: [
    {
      name: "Harbour",
      spec: {
        kind: "intersection",
        places: [{ scope: "g:europe/nl", match: "prefix" }],
        topics: [{ scope: "t:ships", match: "exact" }],
      },
      mode: "digest",
      filters: { boosts: true, replies: false },
      at: 0,
    },
  ],
  removeFeed: ["people"],
  orderFeeds: [["home", "people"]],
  markRead: [{ feed: "home", at: { created: 5, hash: HASH } }],
  watch: ["feed", { feed: { kind: "author", author: ID }, limit: 5 }],
};

const SIGNS: ReadonlySet<string> = new Set(["saveProfile", "publish"]);

const calls: Target = {
  name: "peer: calls of a page",
  covers: ["peer/calls/index.ts#callsOf", "peer/feeds/input.ts#parseFeed", "peer/feeds/input.ts#parseSpec"],
  share: 3_000,
  input(random) {
    const method = oneOf(random, Object.keys(CALLS));
    const given: unknown = mutatedValue([...(CALLS[method] ?? [])], random);
    return { method, given: Array.isArray(given) ? given : [given] };
  },
  async check(input) {
    const { given, method } = input as { method: string; given: unknown[] };
    const call = Reflect.get(resident.api, method) as (...parameters: unknown[]) => Promise<unknown>;
    const called = call(...(method === "watch" ? [...given.slice(0, 2), () => undefined] : given));
    let outcome: { error: unknown } | { value: unknown } | null = null;
    // Signing happens outside of virtual time; everything else waits for nothing but timers.
    (SIGNS.has(method) ? town.clock.track(called) : called).then(
      (value) => (outcome = { value }),
      (error: unknown) => (outcome = { error }),
    );
    await town.clock.until(() => outcome !== null);
    const settled = outcome as { error: unknown } | { value: unknown } | null;
    if (settled !== null && "error" in settled) {
      if (codeOf(settled.error) === null) throw settled.error;
      return false;
    }
    if (method === "watch" && settled !== null) await (settled.value as { close(): Promise<void> }).close();
    return true;
  },
  text: asValue,
};

const root = await mkdtemp(path.join(tmpdir(), "mehr-fuzz-"));
await writeFile(path.join(root, "index.html"), "<!doctype html>".padEnd(3_000));
await writeFile(path.join(root, "data.json"), "{}");
const files = await StaticFiles.load(root, { "/config.json": "{}" });
await rm(root, { recursive: true });

type Serve = Parameters<StaticFiles["serve"]>;
interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const STATUSES: ReadonlySet<number> = new Set([200, 304, 400, 404, 405]);

const http: Target = {
  name: "relay: requests for files",
  covers: ["relay/static-files.ts#StaticFiles"],
  share: 5_000,
  input(random) {
    const urls = [
      "/",
      "/index.html",
      "/config.json",
      "/../../etc/passwd",
      "//etc/passwd",
      "/%2e%2e/%2e%2e/x",
      "/post/ab?x#y",
      "*",
    ];
    const header = (texts: readonly string[]): string => damagedText(texts, random);
    return {
      method: random.next() < 0.9 ? "GET" : mutatedText("HEAD", random),
      url: random.next() < 0.2 ? oneOf(random, urls) : mutatedText(oneOf(random, urls), random),
      headers: {
        accept: header(["text/html,*/*;q=0.8", "*/*"]),
        "accept-encoding": header(["gzip, deflate, br", "br;q=0, gzip;q=1.0", "identity"]),
        "if-none-match": header(['"abc", "def-br"', "*", ""]),
      },
    };
  },
  async check(input) {
    const { headers, method, url } = input as Asked;
    const said: { status?: number; headers?: Record<string, unknown> } = {};
    let ended = 0;
    const response = {
      writeHead(status: number, given: Record<string, unknown>) {
        Object.assign(said, { status, headers: given });
        return response;
      },
      end: () => ended++,
    };
    await files.serve({ method, url, headers } as unknown as Serve[0], response as unknown as Serve[1]);
    if (said.status === undefined || !STATUSES.has(said.status) || ended !== 1)
      throw new Error(`status ${said.status}`);
    if (said.headers?.["content-security-policy"] === undefined) throw new Error("an answer without the policy");
    return said.status === 200;
  },
  text: asValue,
};

const text: Target<string> = {
  name: "app: text of strangers",
  covers: ["app/text/links.ts#splitLinks", "app/text/display.ts#displayText"],
  share: 6_000,
  input: (random) =>
    damagedText(
      [
        "Look at https://example.org/a?b=c). And http://x",
        "javascript:alert(1) data:text/html,x",
        "a\u0301\u0301\u0301\u0301\u0301\u0301",
        "one\n\ntwo\nthree",
      ],
      random,
    ),
  check(input) {
    const shown = displayText(input);
    displayLine(input);
    for (const line of paragraphsOf(shown).flat()) {
      const parts = splitLinks(line);
      if (parts.map((part) => part.text).join("") !== line) throw new Error("text was lost or made up");
      for (const part of parts) {
        if (part.kind === "link" && !/^https?:\/\//.test(part.href)) throw new Error(`a link to ${part.href}`);
      }
    }
    return true;
  },
  text: asText,
};

export const pageTargets: readonly Target[] = [calls, http, text];
