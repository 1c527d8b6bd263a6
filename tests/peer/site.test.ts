import { afterEach, describe, expect, it, vi } from "vitest";
import { siteRelays } from "../../src/peer/site.ts";

const SITE = "https://people.example/apps/mehr/";

function serving(body: string | null, status = 200) {
  const asked: string[] = [];
  const load = async (input: string | URL | Request): Promise<Response> => {
    asked.push(input instanceof Request ? input.url : input.toString());
    return new Response(body, { status });
  };
  return { asked, load };
}

const relaysOf = (relays: unknown) => siteRelays(SITE, serving(JSON.stringify({ relays })).load);

afterEach(() => vi.restoreAllMocks());

describe("the relays of a site", () => {
  it("are named by config.json beside the page, and nothing else is asked for", async () => {
    const { asked, load } = serving(JSON.stringify({ relays: ["wss://relay.example/r"] }));
    expect(await siteRelays(SITE, load)).toEqual(["wss://relay.example/r"]);
    expect(asked).toEqual(["https://people.example/apps/mehr/config.json"]);
  });

  it.each([
    ["relay", "wss://people.example/apps/mehr/relay"],
    ["./relay", "wss://people.example/apps/mehr/relay"],
    ["/relay", "wss://people.example/relay"],
    ["//other.example/relay", "wss://other.example/relay"],
    ["http://other.example/", "ws://other.example/"],
    ["ws://other.example:9001/", "ws://other.example:9001/"],
  ])("may be written as %s", async (written, url) => {
    expect(await relaysOf([written])).toEqual([url]);
  });

  it("become ws where the site is http, as on localhost", async () => {
    const { load } = serving(JSON.stringify({ relays: ["relay"] }));
    expect(await siteRelays("http://localhost:4002/", load)).toEqual(["ws://localhost:4002/relay"]);
  });

  it("leave out what no relay can be reached at, and keep the others", async () => {
    const odd = ["javascript:alert(1)", "data:text/plain,x", "file:///etc/passwd", "http://[", "wss://good.example/"];
    expect(await relaysOf(odd)).toEqual(["wss://good.example/"]);
  });

  it.each([
    ["no JSON", "<!doctype html><title>404</title>"],
    ["null", "null"],
    ["a list", "[]"],
    ["no list of relays", '{"relays":"wss://a.example/"}'],
    ["relays that are no texts", '{"relays":[{"url":"wss://a.example/"}]}'],
    ["more relays than anybody needs", JSON.stringify({ relays: Array(17).fill("wss://a.example/") })],
    ["a prototype to inherit from", '{"__proto__":{"relays":["wss://a.example/"]}}'],
  ])("are none, and a warning, where the file holds %s", async (_what, body) => {
    const warned = vi.spyOn(console, "warn").mockReturnValue();
    expect(await siteRelays(SITE, serving(body).load)).toEqual([]);
    expect(warned).toHaveBeenCalledOnce();
  });

  it("are none where there is no file", async () => {
    expect(await siteRelays(SITE, serving("[]", 404).load)).toEqual([]);
  });

  it("are none without a network", async () => {
    vi.spyOn(console, "warn").mockReturnValue();
    expect(await siteRelays(SITE, () => Promise.reject(new TypeError("Failed to fetch")))).toEqual([]);
  });
});
