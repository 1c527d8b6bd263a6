import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { get, request, type IncomingHttpHeaders, type RequestOptions } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { constants, brotliCompressSync, brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startRelay, type Relay } from "../../src/relay/index.ts";

const SCRIPT = `export const text = ${JSON.stringify("a long script ".repeat(500))};\n`;
const PAGE = "<!doctype html><title>Mehr</title>";
const BUILT = `export const built = ${JSON.stringify("compressed by the build ".repeat(500))};\n`;
/** Not what the server would make of it: so it is seen whose form is sent. */
const BUILT_FORM = brotliCompressSync(Buffer.from(BUILT), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
const CHANGED = `export const changed = ${JSON.stringify("since the build ".repeat(500))};\n`;

let folder: string;
let relay: Relay;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "mehr-relay-"));
  const root = path.join(folder, "app");
  await mkdir(path.join(root, "assets"), { recursive: true });
  await writeFile(path.join(root, "index.html"), PAGE);
  await writeFile(path.join(root, "service.js"), "self.addEventListener('fetch', () => {});");
  await writeFile(path.join(root, "config.json"), '{"relays":["wss://elsewhere.example"]}');
  await writeFile(path.join(root, "assets", "index-abc123.js"), SCRIPT);
  await writeFile(path.join(root, "assets", "built-abc123.js"), BUILT);
  await writeFile(path.join(root, "assets", "built-abc123.js.br"), BUILT_FORM);
  await writeFile(path.join(root, "changed.js"), CHANGED);
  await writeFile(path.join(root, "changed.js.br"), BUILT_FORM);
  await writeFile(path.join(root, "broken.js"), CHANGED);
  await writeFile(path.join(root, "broken.js.br"), "no brotli");
  await writeFile(path.join(root, "assets", "a b.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
  await writeFile(path.join(folder, "secret.txt"), "secret");
  relay = await startRelay({ root });
});

afterAll(async () => {
  await relay.stop();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** `fetch` would tidy the path up before sending it. */
function ask(target: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options: RequestOptions = { host: "127.0.0.1", port: relay.port, path: target, headers, method };
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    sent.on("error", reject);
    sent.end();
  });
}

const NAVIGATION = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

describe("the app", () => {
  test("is served with types, lengths and cache rules", async () => {
    const page = await ask("/");
    expect(page.status).toBe(200);
    expect(page.body.toString()).toBe(PAGE);
    expect(page.headers).toMatchObject({ "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" });
    const script = await ask("/assets/index-abc123.js");
    expect(script.body.toString()).toBe(SCRIPT);
    expect(script.headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "content-length": String(SCRIPT.length),
      "cache-control": "public, max-age=31536000, immutable",
    });
    expect((await ask("/service.js")).headers["cache-control"]).toBe("no-cache");
    expect((await ask("/assets/a%20b.svg?v=1")).headers["content-type"]).toBe("image/svg+xml; charset=utf-8");
  });

  test("names this server as its relay", async () => {
    const config = await ask("/config.json");
    expect(JSON.parse(config.body.toString())).toEqual({ relays: ["relay"] });
    expect(config.headers["cache-control"]).toBe("no-cache");
  });

  test("comes compressed for those who take it", async () => {
    const brotli = await ask("/assets/index-abc123.js", { "accept-encoding": "gzip, br" });
    expect(brotli.headers["content-encoding"]).toBe("br");
    expect(brotliDecompressSync(brotli.body).toString()).toBe(SCRIPT);
    const gzip = await ask("/assets/index-abc123.js", { "accept-encoding": "gzip, br;q=0" });
    expect(gzip.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(gzip.body).toString()).toBe(SCRIPT);
    expect(gzip.body.length).toBeLessThan(SCRIPT.length / 10);
    expect((await ask("/", { "accept-encoding": "br" })).headers["content-encoding"]).toBeUndefined();
  });

  test("comes as the build has compressed it", async () => {
    const built = await ask("/assets/built-abc123.js", { "accept-encoding": "br" });
    expect(built.headers["content-encoding"]).toBe("br");
    expect(built.body).toEqual(BUILT_FORM);
    expect((await ask("/assets/built-abc123.js")).body.toString()).toBe(BUILT);
    // It is a form of a file, and no file.
    expect((await ask("/assets/built-abc123.js.br")).status).toBe(404);
  });

  test.each(["changed", "broken"])("does not come in the form of another version (%s)", async (name) => {
    const answer = await ask(`/${name}.js`, { "accept-encoding": "br" });
    expect(answer.headers["content-encoding"]).toBe("br");
    expect(brotliDecompressSync(answer.body).toString()).toBe(CHANGED);
  });

  test("is not sent again to those who have it", async () => {
    for (const encoding of ["identity", "br", "gzip"]) {
      const headers = { "accept-encoding": encoding };
      const first = await ask("/assets/index-abc123.js", headers);
      const again = await ask("/assets/index-abc123.js", { ...headers, "if-none-match": String(first.headers.etag) });
      expect(again.status).toBe(304);
      expect(again.body).toHaveLength(0);
    }
    const other = await ask("/assets/index-abc123.js", { "if-none-match": '"other"' });
    expect(other.status).toBe(200);
  });

  test("answers HEAD without a body and nothing but GET and HEAD", async () => {
    const head = await ask("/assets/index-abc123.js", {}, "HEAD");
    expect(head.status).toBe(200);
    expect(head.headers["content-length"]).toBe(String(SCRIPT.length));
    expect(head.body).toHaveLength(0);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
      expect((await ask("/", {}, method)).status, method).toBe(405);
    }
  });

  test("sends a share on that no service worker has taken", async () => {
    const answer = await ask("/share", NAVIGATION, "POST");
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe("/write?refused=unreadable");
  });
});

describe("paths that are no file", () => {
  test("are the app when a person navigates, and 404 otherwise", async () => {
    for (const target of ["/post/abc", "/place/europe/nl", "/settings"]) {
      const page = await ask(target, NAVIGATION);
      expect(page.status, target).toBe(200);
      expect(page.body.toString(), target).toBe(PAGE);
      expect((await ask(target)).status, target).toBe(404);
    }
  });

  test("are never the app where a script, a picture or the like was asked for", async () => {
    for (const target of ["/assets/old-123.js", "/assets/x", "/missing.js", "/favicon.ico"]) {
      expect((await ask(target, NAVIGATION)).status, target).toBe(404);
    }
  });

  test.each([
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/assets/../../secret.txt",
    "/assets/..%5c..%5csecret.txt",
    "//secret.txt",
    "/assets/%00",
    "/./../../../../../../etc/passwd",
  ])("never leave the app's folder: %s", async (target) => {
    const response = await ask(target);
    expect([400, 404]).toContain(response.status);
    expect(response.body.toString()).not.toContain("secret");
  });

  test.each(["/%", "/%zz", "/%ff"])("are refused when malformed: %s", async (target) => {
    expect((await ask(target)).status).toBe(400);
  });
});

describe("every answer", () => {
  test.each([
    ["/", {}],
    ["/assets/index-abc123.js", {}],
    ["/service.js", {}],
    ["/missing", {}],
    ["/%", {}],
    ["/post/1", NAVIGATION],
  ])("%s carries the security headers", async (target, headers) => {
    const response = await ask(target, headers);
    expect(response.headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "x-frame-options": "DENY",
    });
    const policy = new Map(
      String(response.headers["content-security-policy"])
        .split("; ")
        .map((directive) => [directive.split(" ")[0], directive.split(" ").slice(1).join(" ")]),
    );
    expect(policy.get("default-src")).toBe("'none'");
    expect(policy.get("script-src")).toBe("'self' 'wasm-unsafe-eval'");
    expect(policy.get("style-src")).toBe("'self'");
    expect(policy.get("frame-ancestors")).toBe("'none'");
    expect([...policy.values()].join(" ")).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
  });
});

describe("the status", () => {
  test("is for this machine", async () => {
    const response = await ask("/relay/status");
    expect(JSON.parse(response.body.toString())).toEqual({
      connections: 0,
      reservations: 0,
      registrations: { peers: 0, channels: 0 },
      relayed: { circuits: 0, bytes: 0 },
    });
  });

  test("is not for those who come through a proxy", async () => {
    expect((await ask("/relay/status", { "x-forwarded-for": "203.0.113.7" })).status).toBe(404);
  });
});

describe("starting", () => {
  test("on a port that is taken fails with words that help", async () => {
    const second = startRelay({ port: relay.port });
    await expect(second).rejects.toMatchObject({ code: "RELAY_PORT_TAKEN" });
    await expect(second).rejects.toThrow("--port");
  });

  test("without a built app fails, before the port is taken", async () => {
    await expect(startRelay({ root: path.join(folder, "nowhere") })).rejects.toMatchObject({
      code: "RELAY_APP_MISSING",
    });
  });

  test("on an address of another machine fails", async () => {
    // 192.0.2.0/24 is for documentation (RFC 5737): no machine has it.
    await expect(startRelay({ host: "192.0.2.1" })).rejects.toMatchObject({ code: "RELAY_HOST_UNUSABLE" });
  });

  test("without an app serves the relay alone", async () => {
    const alone = await startRelay();
    const status = await new Promise((resolve) => {
      get(alone.url, (response) => resolve(response.resume().statusCode));
    });
    expect(status).toBe(404);
    await alone.stop();
  });
});
