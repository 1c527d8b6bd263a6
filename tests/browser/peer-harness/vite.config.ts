import { defineConfig } from "vite";

/** Builds the page of the tests that trouble a peer's store; `outDir` is given by whoever builds it. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  logLevel: "warn",
  worker: { format: "es" },
  build: { target: "es2022", emptyOutDir: true, reportCompressedSize: false, modulePreload: false },
});
