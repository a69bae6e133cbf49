import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { bundledPackages } from "./scripts/bundled-packages.js";

/** Where `vite dev` finds a running server for everything but the pages. */
const kServer = process.env["TAGWIRE_SERVER"] ?? "http://127.0.0.1:5000";

/** Read by scripts/sbom.mjs. */
const kBundledPackages = fileURLToPath(new URL("../../build/web/bundled-packages.json", import.meta.url));

export default defineConfig({
  // Relative addresses: the pages also work below a path of a reverse proxy.
  base: "./",
  plugins: [svelte(), bundledPackages(kBundledPackages)],
  resolve: {
    alias: { "@tagwire/client": fileURLToPath(new URL("../client/src/index.ts", import.meta.url)) },
  },
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
    // The content security policy allows files of this server only: no data: addresses, no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: { "/ws": { target: kServer, ws: true }, "/api": kServer, "/metrics": kServer },
  },
  test: { include: ["test/**/*.test.ts"], environment: "node" },
});
