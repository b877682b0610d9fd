import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";

/** Which workspace packages each package may import; tests and cli may import anything, studio's own list is short. */
const allowedEdges: Record<string, readonly string[]> = {
  contracts: [],
  image: ["contracts"],
  fetching: ["contracts", "image"],
  vision: ["contracts", "image"],
  vectors: ["contracts"],
  ranking: ["contracts", "vectors"],
  training: ["contracts", "ranking", "vectors", "vision"],
  store: ["contracts"],
  cache: ["contracts"],
  client: ["contracts"],
  studio: ["contracts", "client"],
};

const maxFileLines = 400;

interface SourceFile {
  path: string;
  text: string;
  imports: string[];
}

const files = sourceFiles();

describe("the map", () => {
  test("there are sources to look at", () => {
    expect(files.length).toBeGreaterThan(50);
  });

  test("packages import only what the map allows", () => {
    const wrong = files.flatMap((file) => {
      const name = /^packages\/([^/]+)\//.exec(file.path)?.[1];
      if (name === undefined || name === "cli") return [];
      const allowed = new Set([name, ...(allowedEdges[name] ?? [])]);
      return workspaceImports(file)
        .filter((target) => !allowed.has(target))
        .map((target) => `${file.path} imports @vitrine/${target}`);
    });
    expect(wrong).toEqual([]);
  });

  test("every package is on the map", () => {
    const packages = new Set(files.flatMap((file) => /^packages\/([^/]+)\//.exec(file.path)?.[1] ?? []));
    packages.delete("cli");
    expect([...packages].filter((name) => !(name in allowedEdges))).toEqual([]);
  });

  test("Workers import packages and never each other", () => {
    const workers = new Set(files.flatMap((file) => /^workers\/([^/]+)\//.exec(file.path)?.[1] ?? []));
    const wrong = files.flatMap((file) => {
      const worker = /^workers\/([^/]+)\//.exec(file.path)?.[1];
      if (worker === undefined) return [];
      const strays = relativeImports(file).filter((target) => !target.startsWith(`workers/${worker}/`));
      const others = workspaceImports(file).filter((target) => workers.has(target));
      return [...strays, ...others].map((target) => `${file.path} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  test("a package is entered by its door, never by a path", () => {
    const wrong = files
      .filter((file) => file.path.startsWith("packages/"))
      .flatMap((file) => {
        const home = file.path.split("/").slice(0, 2).join("/");
        return relativeImports(file)
          .filter((target) => !target.startsWith(`${home}/`))
          .map((target) => `${file.path} imports ${target}`);
      });
    expect(wrong).toEqual([]);
  });

  test("only adapters and index.ts of a Worker see the platform", () => {
    const wrong = workerSources()
      .filter((file) => !/\/adapters\/|^workers\/[^/]+\/index\.ts$/.test(file.path))
      .filter((file) => file.imports.some((target) => /^cloudflare:|^drizzle-orm\/d1$/.test(target)))
      .map((file) => file.path);
    expect(wrong).toEqual([]);
  });

  test("only codecs.ts of a Worker imports WASM", () => {
    const wrong = workerSources()
      .filter((file) => !file.path.endsWith("/codecs.ts"))
      .filter((file) => file.imports.some((target) => target.endsWith(".wasm")))
      .map((file) => file.path);
    expect(wrong).toEqual([]);
  });

  test("packages know no platform", () => {
    const wrong = files
      .filter((file) => file.path.startsWith("packages/") && !/^packages\/(cli|studio)\//.test(file.path))
      .filter((file) => !/\.test\.ts$|\/(bench|train|testing)\//.test(file.path))
      .filter((file) => file.imports.some((target) => /^(node|cloudflare):|^drizzle-orm\/d1$/.test(target)))
      .map((file) => file.path);
    expect(wrong).toEqual([]);
  });
});

describe("the habits", () => {
  test(`no source file is longer than ${maxFileLines} lines`, () => {
    const long = files
      .filter((file) => !file.path.includes(".generated."))
      .filter((file) => file.text.split("\n").length > maxFileLines + 1)
      .map((file) => file.path);
    expect(long).toEqual([]);
  });

  test("no file is a drawer named after nothing", () => {
    const drawers = files.filter((file) => /\/(utils?|helpers?|common|misc|types|constants)\.tsx?$/.test(file.path));
    expect(drawers.map((file) => file.path)).toEqual([]);
  });

  test("no door exports everything", () => {
    const open = files.filter((file) => /^export \* from/m.test(file.text));
    expect(open.map((file) => file.path)).toEqual([]);
  });
});

describe("the papers", () => {
  test("every path that ARCHITECTURE.md names exists", () => {
    const text = readFileSync("ARCHITECTURE.md", "utf8");
    const named = [...text.matchAll(/`((?:workers|packages|migrations|tests|docs)\/[\w./-]*)`/g)].map(
      (match) => match[1],
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => path === undefined || !existsSync(path))).toEqual([]);
  });

  test("README.md has at most 120 lines and ARCHITECTURE.md at most 150", () => {
    expect(readFileSync("README.md", "utf8").split("\n").length).toBeLessThanOrEqual(121);
    expect(readFileSync("ARCHITECTURE.md", "utf8").split("\n").length).toBeLessThanOrEqual(151);
  });

  test("production never binds the Vectorize stand-in", () => {
    for (const config of execFileSync("git", ["ls-files", "*wrangler.toml"], { encoding: "utf8" }).trim().split("\n")) {
      const production = readFileSync(config, "utf8")
        .split(/^\[\[?env\.production/m)
        .slice(1)
        .join("\n");
      expect(production, config).not.toContain("vitrine-vectorize");
    }
  });
});

function sourceFiles(): SourceFile[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts", "*.tsx"], {
    encoding: "utf8",
  });
  return listed
    .trim()
    .split("\n")
    .filter((path) => existsSync(path))
    .map((path) => {
      const text = readFileSync(path, "utf8");
      const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].flatMap((match) => match[1] ?? []);
      return { path, text, imports };
    });
}

function workerSources(): SourceFile[] {
  return files.filter(
    (file) => file.path.startsWith("workers/") && !/\.test\.ts$|\.config\.ts$|\/testing\//.test(file.path),
  );
}

function workspaceImports(file: SourceFile): string[] {
  return file.imports.flatMap((target) => /^@vitrine\/([^/]+)/.exec(target)?.[1] ?? []);
}

/** Relative imports as paths from the repository's root. */
function relativeImports(file: SourceFile): string[] {
  return file.imports
    .filter((target) => target.startsWith("."))
    .map((target) => normalize(join(dirname(file.path), target)));
}
