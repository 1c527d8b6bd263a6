import { defineConfig } from "vite";

/** Builds the page of the browser test of `src/store`; `outDir` is given by whoever builds it. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  logLevel: "warn",
  build: { target: "es2022", emptyOutDir: true, reportCompressedSize: false, modulePreload: false },
});
