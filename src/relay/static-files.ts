/**
 * The built app, held in memory. A request is looked up among the files that were there at the start, so no path in a
 * request ever reaches the file system.
 */
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, brotliDecompress, constants, gzip } from "node:zlib";
import { SECURITY_HEADERS } from "./policy.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

/** Pictures and fonts are compressed already. */
const COMPRESSIBLE = /^(text\/|application\/(json|wasm|manifest\+json)|image\/svg)/;
/** Below the size of one network packet compression saves nothing. */
const COMPRESS_FROM = 1_400;
/** 9 of 11: within 3% of the smallest size at a tenth of the time, paid once for each file that the build has not compressed. */
const BROTLI_QUALITY = 9;
/** What the build writes beside a file (scripts/compress.mjs). */
const COMPRESSED = ".br";

const brotliBytes = promisify(brotliCompress);
const plainBytes = promisify(brotliDecompress);
const gzipBytes = promisify(gzip);

type Encoding = "br" | "gzip";

interface StaticFile {
  readonly type: string;
  readonly bytes: Buffer;
  readonly etag: string;
  readonly cacheControl: string;
  /** The brotli form that lay beside it; it may be of another version. */
  readonly compressed: Buffer | undefined;
  readonly encoded: Map<Encoding, Promise<Buffer>>;
}

export class StaticFiles {
  readonly #files: ReadonlyMap<string, StaticFile>;

  private constructor(files: ReadonlyMap<string, StaticFile>) {
    this.#files = files;
  }

  /**
   * @param root Directory of the built app.
   * @param replaced Files whose content the server decides, by path: they take the place of files in `root`.
   * @throws the file system's error when `root` cannot be read
   */
  static async load(root: string, replaced: Readonly<Record<string, string>> = {}): Promise<StaticFiles> {
    const found = new Map<string, Buffer>();
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      const name = `/${path.relative(root, file).split(path.sep).join("/")}`;
      found.set(name, await readFile(file));
    }
    const files = new Map<string, StaticFile>();
    for (const [name, bytes] of found) {
      const isForm = name.endsWith(COMPRESSED) && found.has(name.slice(0, -COMPRESSED.length));
      if (!isForm) files.set(name, staticFile(name, bytes, found.get(`${name}${COMPRESSED}`)));
    }
    for (const [name, text] of Object.entries(replaced)) files.set(name, staticFile(name, Buffer.from(text)));
    return new StaticFiles(files);
  }

  /**
   * Answers GET and HEAD; anything that is not a file of the app gets 404, or the app itself when a person navigates to it. A
   * share that no service worker has taken (src/offline/share.ts names its address) is sent on to the app, which says so.
   */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "POST" && pathOf(request) === "/share") {
      answer(response, 303, "See Other\n", { location: "/write?refused=unreadable" });
      return;
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      answer(response, 405, "Method Not Allowed\n", { allow: "GET, HEAD" });
      return;
    }
    const name = pathOf(request);
    if (name === null) {
      answer(response, 400, "Bad Request\n");
      return;
    }
    const file = this.#files.get(name === "/" ? "/index.html" : name) ?? this.#appFor(request, name);
    if (file === undefined) {
      answer(response, 404, "Not Found\n");
      return;
    }
    await send(request, response, file);
  }

  /** The app draws its pages itself, so a link to one of them (`/post/...`) is answered with the app. */
  #appFor(request: IncomingMessage, name: string): StaticFile | undefined {
    const navigation = request.headers.accept?.includes("text/html") === true;
    const asset = name.startsWith("/assets/") || path.posix.extname(name) in TYPES;
    return navigation && !asset ? this.#files.get("/index.html") : undefined;
  }
}

function staticFile(name: string, bytes: Buffer, compressed?: Buffer): StaticFile {
  return {
    compressed,
    type: TYPES[path.posix.extname(name)] ?? "application/octet-stream",
    bytes,
    etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
    // Vite puts a hash of the content into the names of all it writes to assets/.
    cacheControl: name.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    encoded: new Map(),
  };
}

function pathOf(request: IncomingMessage): string | null {
  try {
    // Put together, not resolved: `//name` is a path here and not the name of a host.
    const target = request.url ?? "/";
    return decodeURIComponent(new URL(target.startsWith("/") ? `http://localhost${target}` : target).pathname);
  } catch (error) {
    // A malformed escape or target: the request's fault.
    if (error instanceof URIError || error instanceof TypeError) return null;
    throw error;
  }
}

async function send(request: IncomingMessage, response: ServerResponse, file: StaticFile): Promise<void> {
  const encoding = encodingFor(request, file);
  const headers: Record<string, string | number> = {
    ...SECURITY_HEADERS,
    "content-type": file.type,
    "cache-control": file.cacheControl,
    vary: "accept-encoding",
    // One tag for each encoding, as RFC 9110 section 8.8.3 asks of a strong one.
    etag: encoding === null ? file.etag : `${file.etag.slice(0, -1)}-${encoding}"`,
  };
  if (request.headers["if-none-match"]?.split(/\s*,\s*/).includes(String(headers.etag)) === true) {
    response.writeHead(304, headers).end();
    return;
  }
  const body = encoding === null ? file.bytes : await encoded(file, encoding);
  if (encoding !== null) headers["content-encoding"] = encoding;
  headers["content-length"] = body.length;
  response.writeHead(200, headers);
  response.end(request.method === "HEAD" ? undefined : body);
}

function encodingFor(request: IncomingMessage, file: StaticFile): Encoding | null {
  if (file.bytes.length < COMPRESS_FROM || !COMPRESSIBLE.test(file.type)) return null;
  const offers = request.headers["accept-encoding"]?.split(",") ?? [];
  const accepted = new Set(
    offers
      .filter((offer) => !/;\s*q=0(\.0*)?\s*$/.test(offer))
      .map((offer) => offer.split(";")[0]?.trim().toLowerCase()),
  );
  if (accepted.has("br")) return "br";
  return accepted.has("gzip") ? "gzip" : null;
}

function encoded(file: StaticFile, encoding: Encoding): Promise<Buffer> {
  let bytes = file.encoded.get(encoding);
  if (bytes === undefined) {
    bytes = encoding === "br" ? brotliOf(file) : gzipBytes(file.bytes);
    file.encoded.set(encoding, bytes);
  }
  return bytes;
}

async function brotliOf({ bytes, compressed }: StaticFile): Promise<Buffer> {
  if (compressed !== undefined) {
    // A file that was changed after the build must not be answered with what it was.
    const plain = await plainBytes(compressed, { maxOutputLength: bytes.length }).catch(() => null);
    if (plain?.equals(bytes) === true) return compressed;
  }
  return brotliBytes(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } });
}

/** A short answer in plain text, with the same headers as everything else. */
export function answer(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response
    .writeHead(status, {
      ...SECURITY_HEADERS,
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-store",
      ...headers,
    })
    .end(text);
}
