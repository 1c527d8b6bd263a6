import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig, type Plugin, type Rolldown } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import solid from "vite-plugin-solid";
import { manifestOf } from "./src/offline/manifest.ts";
import { META_POLICY } from "./src/relay/policy.ts";

/** The path of the site under which the app will lie: `npm run build -- --base /mehr/`. */
const siteBase = process.env["MEHR_BASE"] ?? "/";
if (!/^\/(.*\/)?$/.test(siteBase)) throw new Error(`The base is a path that begins and ends with "/", not ${siteBase}`);

export default defineConfig({
  // Relative, so that the one place that knows where the app lies is <base> in its page.
  base: "./",
  plugins: [page(), solid(), tailwindcss(), ...pwa()],
  worker: { format: "es", rolldownOptions: { output: inFewFiles(peerCode()) } },
  resolve: {
    alias: { "@noble/curves/secp256k1.js": fileURLToPath(new URL("src/mesh/no-secp256k1.ts", import.meta.url)) },
  },
  build: {
    outDir: "dist/app",
    target: "es2022",
    // A data: address would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The peer worker is one chunk of about 1 MB: it is loaded beside the page, not before it.
    chunkSizeWarningLimit: 1_500,
    rolldownOptions: { checks: { pluginTimings: false }, output: inFewFiles() },
  },
});

/**
 * What several parts of the app share is joined until a file is worth its request: of 226 files 93 had less than 2 kB, and the
 * service worker keeps each of them (118 take a fifth less processor time until the app is kept). What the page starts
 * with stays apart, so that nothing else is loaded before it is usable.
 */
function inFewFiles(...first: readonly Group[]): Rolldown.OutputOptions {
  return {
    codeSplitting: {
      groups: [
        ...first,
        { name: "index", tags: ["$initial"], priority: 1 },
        { name: "shared", minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 24_000 },
      ],
    },
    // Otherwise a name lists everything that shares the file.
    chunkFileNames: ({ name }) => `assets/${name.split("~", 1)[0]}-[hash].js`,
  };
}

type CodeSplitting = Exclude<Rolldown.OutputOptions["codeSplitting"], boolean | undefined>;
type Group = NonNullable<CodeSplitting["groups"]>[number];

/** What the peer worker needs to start, in one file: it is wanted as a whole, and parts that load later share it. */
function peerCode(): Group {
  return { name: "peer-code", test: /\/workers\/peer-code\.ts$|rolldown\/runtime/, priority: 2 };
}

/** Stand in the page until the build knows what it has made. */
const BUILD_TO_COME = "%build%";
const PEER_CODE_TO_COME = "%peer-code%";
let build = BUILD_TO_COME;

/**
 * What was built, in 16 digits: the same sources give the same. It stands in the page and in no script, so that a script that
 * has not changed keeps its name and is not downloaded again (src/rpc/version.ts says what it is for).
 */
function buildId(bundle: Rolldown.OutputBundle): string {
  const hash = createHash("sha256");
  for (const name of Object.keys(bundle).toSorted()) {
    const file = bundle[name];
    hash.update(`${name}\n`).update(file?.type === "chunk" ? file.code : (file?.source ?? ""));
  }
  return hash.digest("hex").slice(0, 16);
}

/** What the built page says that the page in development cannot: its policy, its build, and where it lies. */
function page(): Plugin {
  return {
    name: "mehr:page",
    apply: "build",
    enforce: "post",
    transformIndexHtml: {
      order: "pre",
      handler: (html) => ({
        html: html.replace('<base href="/" />', `<base href="${siteBase}" />`),
        tags: [
          {
            tag: "meta",
            attrs: { "http-equiv": "Content-Security-Policy", content: META_POLICY },
            injectTo: "head-prepend",
          },
          { tag: "meta", attrs: { name: "mehr-build", content: BUILD_TO_COME }, injectTo: "head" },
          { tag: "meta", attrs: { name: "mehr-peer-code", content: PEER_CODE_TO_COME }, injectTo: "head" },
        ],
      }),
    },
    generateBundle(_, bundle) {
      const index = bundle["index.html"];
      if (index?.type !== "asset") throw new Error("the build has no index.html");
      const peerCode = Object.keys(bundle).find((name) => name.startsWith("assets/peer-code-"));
      if (peerCode === undefined) throw new Error("the build has no code of the peer");
      build = buildId(bundle);
      index.source = String(index.source).replace(PEER_CODE_TO_COME, peerCode).replace(BUILD_TO_COME, build);
      // Static hosts answer with this file what they do not have, which is every deep link.
      this.emitFile({ type: "asset", fileName: "404.html", source: index.source });
    },
  };
}

function pwa(): Plugin[] {
  return VitePWA({
    strategies: "injectManifest",
    srcDir: "workers",
    filename: "service.ts",
    // Registered by src/rpc/update.ts, which waits for the person's word before it updates.
    injectRegister: false,
    injectManifest: {
      rollupFormat: "iife",
      minify: true,
      sourcemap: false,
      globPatterns: ["**/*.{js,css,html,svg,png,woff2,wasm,webmanifest}"],
      // 404.html is the page once more; config.json belongs to the site and is asked for anew. The browser asks for pictures of
      // the app and of its shortcuts when it installs it, and keeps them itself.
      globIgnores: ["404.html", "config.json", "icons/{apple,shortcut,mehr-monochrome}-*", "screenshots/**"],
      dontCacheBustURLsMatching: /^assets\//,
      maximumFileSizeToCacheInBytes: 4_194_304,
      // By this the service worker knows the page that its list of files is for (src/offline/shell.ts).
      manifestTransforms: [
        (entries) => ({
          manifest: entries.map((entry) => (entry.url === "index.html" ? { ...entry, revision: build } : entry)),
        }),
      ],
    },
    includeManifestIcons: false,
    manifest: manifestOf(siteBase),
  });
}
