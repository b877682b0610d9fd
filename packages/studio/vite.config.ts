import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm run dev` finds the API: the local stack of `npm start`. */
const api = "http://localhost:8787";

export default defineConfig({
  plugins: [react()],
  // Everything comes from files of our own origin, so that the Content-Security-Policy in public/_headers can be strict.
  build: { target: "es2024", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: Object.fromEntries(["/v1", "/i", "/demo", "/health"].map((path) => [path, api])) },
});
