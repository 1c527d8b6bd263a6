import { defineConfig } from "vite";

/** Builds the page of a peer that keeps to no rule; `outDir` is given by whoever builds it. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  logLevel: "warn",
  worker: { format: "es" },
  build: { target: "es2022", emptyOutDir: true, reportCompressedSize: false, modulePreload: false },
});
