import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";

/** Modules for the direct stack: the edge as it is bundled, entered through `inStorm`. */
export const edgeInStorm = [
  {
    path: "edge-in-storm.js",
    contents: `
      import edge from "./index.js";
      import { inStorm } from "./in-storm.js";
      export { RegionStore } from "./index.js";
      export default inStorm(edge);`,
  },
  {
    path: "in-storm.js",
    contents: stripTypeScriptTypes(readFileSync(new URL("in-storm.ts", import.meta.url), "utf8")),
  },
];
