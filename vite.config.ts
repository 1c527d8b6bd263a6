import tailwindcss from "@tailwindcss/vite";
import { defineConfig, type Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import solid from "vite-plugin-solid";
import { META_POLICY } from "./src/relay/policy.ts";

/** The path of the site under which the app will lie: `npm run build -- --base /mehr/`. */
const siteBase = process.env["MEHR_BASE"] ?? "/";
if (!/^\/(.*\/)?$/.test(siteBase)) throw new Error(`The base is a path that begins and ends with "/", not ${siteBase}`);

export default defineConfig({
  // Relative, so that the one place that knows where the app lies is <base> in its page.
  base: "./",
  plugins: [page(), solid(), tailwindcss(), ...pwa()],
  worker: { format: "es" },
  build: {
    outDir: "dist/app",
    target: "es2022",
    // A data: address would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The peer worker is one chunk of about 1 MB: it is loaded beside the page, not before it.
    chunkSizeWarningLimit: 1_500,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});

/** What the built page says that the page in development cannot: its policy, and where it lies. */
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
        ],
      }),
    },
    // Static hosts answer with this file what they do not have, which is every deep link.
    generateBundle(_, bundle) {
      const index = bundle["index.html"];
      if (index?.type !== "asset") throw new Error("the build has no index.html");
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
      // 404.html is the page once more; config.json belongs to the site and is asked for anew.
      globIgnores: ["404.html", "config.json", "icons/apple-touch-icon.png"],
      dontCacheBustURLsMatching: /^assets\//,
      maximumFileSizeToCacheInBytes: 4_194_304,
    },
    includeManifestIcons: false,
    manifest: {
      id: "./",
      name: "Mehr",
      short_name: "Mehr",
      description: "A social network that runs in the browser tab, from peer to peer.",
      start_url: "./",
      scope: "./",
      display: "standalone",
      background_color: "#faf6ee",
      theme_color: "#faf6ee",
      categories: ["social", "news"],
      icons: [
        { src: "icons/mehr-192.png", sizes: "192x192", type: "image/png" },
        { src: "icons/mehr-512.png", sizes: "512x512", type: "image/png" },
        { src: "icons/mehr.svg", sizes: "any", type: "image/svg+xml" },
        { src: "icons/mehr-maskable-192.png", sizes: "192x192", type: "image/png", purpose: "maskable" },
        { src: "icons/mehr-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
      ],
    },
  });
}
