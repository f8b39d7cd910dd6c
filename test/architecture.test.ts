import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { readSourceTree, type SourceFile } from "./support/source-tree.ts";

const ROOT = join(import.meta.dir, "..");
const FILES = readSourceTree(ROOT, "src");
const BY_PATH = new Map(FILES.map((file) => [file.path, file]));

/** Each layer may import itself and those before it; airgap and server never see each other. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  leaves: [],
  net: ["leaves"],
  "oci-client": ["leaves", "net"],
  generator: ["leaves", "net", "oci-client"],
  airgap: ["leaves", "net", "oci-client", "generator"],
  server: ["leaves", "net", "oci-client", "generator"],
  cli: ["leaves", "net", "oci-client", "generator", "airgap", "server"],
  main: ["leaves", "cli"],
};

/** The folders that may import an npm package, so that a library swap stays in one place. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  undici: ["src/net"],
  yaml: [
    "src/generator",
    "src/airgap/discover",
    "src/airgap/rewrite-images",
    "src/cli/serve/artifact-types",
  ],
  "tar-stream": ["src/generator"],
  hono: ["src/server"],
  minisearch: ["src/server/search"],
  "prom-client": ["src/server"],
  "@fontsource-variable/figtree": ["src/server/viewer"],
  ajv: ["src/generator/rules"],
  "@sinclair/typebox": ["src/generator", "src/server"],
  "fastest-levenshtein": ["src/cli", "src/generator", "src/server/viewer"],
  diff: ["src/server/viewer/stack"],
  "markdown-it": ["src/server/viewer/stack"],
  fflate: ["src/generator"],
  zod: ["src/oci-client", "src/generator", "src/airgap", "src/cli"],
};

/** Doors inside a folder that outsiders may use, each with its reason. */
const INNER_DOORS: Readonly<Record<string, string>> = {
  "src/oci-client/remote": "it brings undici, which only those who reach a registry should load",
  "src/generator/fetch": "it brings undici, which only those who fetch projects should load",
  "src/generator/rewrite": "it changes YAML, which only those who rewrite devfiles need",
  "src/generator/offline": "it brings undici, which only those who fetch projects should load",
};

/** Files that may be longer than 250 lines, each with its reason. */
const LONG_FILES: Readonly<Record<string, string>> = {};
/** Functions that may be longer than 70 lines ("file name"), each with its reason. */
const LONG_FUNCTIONS: Readonly<Record<string, string>> = {};

/** Helpers of tests that read a clock, each with its reason; no test compares what they read. */
const CLOCKS: Readonly<Record<string, string>> = {
  "test/support/clock.ts": "it is the clock of parts that are given one",
  "test/support/live-replay.ts": "it paces pushes, and reports how long the slowest took",
};
const CLOCK =
  /\bperformance\.now|\bnanoseconds\b|\bhrtime\b|\b(?:cpu|resource)Usage\b|Date\.now\(\) -|- Date\.now\(\)/;
/** The limit of a test or of all tests of a file, in whole seconds. */
const TEST_LIMIT = /(?:\bsetDefaultTimeout\(|^ *\}, |^ +)(\d+)_000(?:,\n *)?\);/gm;
/** What scripts/check.ts gives a test. */
const TEST_LIMIT_S = 60;
const INSTEAD =
  "assert what comes out, a count or an order, of so much that a slow way takes minutes";

const FILE_LINES = 250;
const FUNCTION_LINES = 70;

function layerOf(path: string): string {
  const [, folder = "", rest] = path.split("/");
  if (rest !== undefined) return folder;
  return folder === "main.ts" ? "main" : "leaves";
}

/** The folders above a file that have a door, outermost first: a folder with an index.ts. */
function doorsOf(path: string): string[] {
  const parts = posix.dirname(path).split("/");
  return parts
    .map((_, index) => parts.slice(0, index + 1).join("/"))
    .filter((folder) => BY_PATH.has(`${folder}/index.ts`));
}

function eachImport(visit: (file: SourceFile, target: string) => string | undefined): string[] {
  return FILES.flatMap((file) =>
    file.imports.flatMap(({ file: target }) => {
      const fault = target === undefined ? undefined : visit(file, target);
      return fault === undefined ? [] : [fault];
    }),
  );
}

describe("architecture", () => {
  test("every imported file exists", () => {
    const missing = eachImport((file, target) =>
      existsSync(join(ROOT, target)) ? undefined : `${file.path} imports ${target}`,
    );
    expect(missing).toEqual([]);
  });

  test("every folder of src is a known layer", () => {
    const unknown = FILES.map((file) => layerOf(file.path)).filter((layer) => !LAYERS[layer]);
    expect([...new Set(unknown)]).toEqual([]);
  });

  test("imports point down the layers only", () => {
    const upward = eachImport((file, target) => {
      if (!target.startsWith("src/")) return undefined;
      const [from, to] = [layerOf(file.path), layerOf(target)];
      return from === to || LAYERS[from]?.includes(to) ? undefined : `${file.path} → ${target}`;
    });
    expect(upward).toEqual([]);
  });

  test("outsiders enter a folder through its door, insiders never do", () => {
    const faults = eachImport((file, target) => {
      const inside = doorsOf(file.path);
      const entered = doorsOf(target).filter((folder) => !inside.includes(folder));
      const [outermost] = entered;
      const inner = entered.find((folder) => INNER_DOORS[folder]);
      if (inner !== undefined && target === `${inner}/index.ts`) return undefined;
      if (outermost !== undefined && target !== `${outermost}/index.ts`) {
        return `${file.path} bypasses ${outermost}/index.ts for ${target}`;
      }
      const own = inside.find((folder) => target === `${folder}/index.ts`);
      return own === undefined ? undefined : `${file.path} uses its own door ${target}`;
    });
    expect(faults).toEqual([]);
  });

  test("there is no import cycle, type imports counted", () => {
    expect(findCycle()).toEqual([]);
  });

  test("each npm package is imported only where the table says", () => {
    const faults = FILES.flatMap((file) =>
      file.imports
        .filter(({ specifier }) => !/^(\.|node:|bun$|bun:)/.test(specifier))
        .filter(({ specifier }) => {
          const name = specifier
            .split("/")
            .slice(0, specifier.startsWith("@") ? 2 : 1)
            .join("/");
          return !PACKAGES[name]?.some((folder) => file.path.startsWith(`${folder}/`));
        })
        .map(({ specifier }) => `${file.path} imports ${specifier}`),
    );
    expect(faults).toEqual([]);
  });

  test("every runtime dependency is in the table and used", () => {
    const manifest: { dependencies: Record<string, string> } = JSON.parse(
      readFileSync(join(ROOT, "package.json"), "utf8"),
    );
    expect(Object.keys(manifest.dependencies).sort()).toEqual(Object.keys(PACKAGES).sort());
    const used = new Set(FILES.flatMap((file) => file.imports.map(({ specifier }) => specifier)));
    const unused = Object.keys(PACKAGES).filter(
      (name) =>
        ![...used].some((specifier) => specifier === name || specifier.startsWith(`${name}/`)),
    );
    expect(unused).toEqual([]);
  });

  test("all versions in package.json are exact", () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
  });

  test("undici is imported by the path that Bun does not replace", () => {
    const bare = FILES.flatMap((file) => file.imports.map((each) => each.specifier)).filter(
      (specifier) => /^undici(\/|$)/.test(specifier) && specifier !== "undici/index.js",
    );
    expect(bare).toEqual([]);
  });

  test("only main.ts reads the process", () => {
    const readers = FILES.filter((file) => file.path !== "src/main.ts")
      .filter((file) =>
        /\bprocess\.|\bBun\.(env|argv)\b|node:process/.test(stripComments(file.text)),
      )
      .map((file) => file.path);
    expect(readers).toEqual([]);
  });

  test("files and functions stay short", () => {
    const files = FILES.filter((file) => file.lines > FILE_LINES && !LONG_FILES[file.path]);
    expect(files.map((file) => `${file.path}: ${file.lines} lines`)).toEqual([]);
    const functions = FILES.flatMap((file) =>
      file.functions
        .filter(
          ({ name, lines }) => lines > FUNCTION_LINES && !LONG_FUNCTIONS[`${file.path} ${name}`],
        )
        .map(({ name, lines }) => `${file.path} ${name}: ${lines} lines`),
    );
    expect(functions).toEqual([]);
  });

  test("test files stay readable", () => {
    const long = readSourceTree(ROOT, "test").filter((file) => file.lines > 400);
    expect(long.map((file) => `${file.path}: ${file.lines} lines`)).toEqual([]);
  });

  test("no test asserts a time, since machines are busy", () => {
    const faults = readSourceTree(ROOT, "test").flatMap(({ path, text }) => {
      const code = stripComments(text);
      const clock = CLOCKS[path] === undefined ? CLOCK.exec(code)?.[0] : undefined;
      const limits = [...code.matchAll(TEST_LIMIT)].filter(([, s]) => Number(s) < TEST_LIMIT_S);
      return [
        ...(clock === undefined ? [] : [`${path} measures with "${clock}": ${INSTEAD}`]),
        ...limits.map(([, s]) => `${path} gives a test ${s} s: give it ${TEST_LIMIT_S}`),
      ];
    });
    expect(faults).toEqual([]);
  });

  test("every exported symbol has a doc comment", () => {
    const missing = FILES.flatMap((file) =>
      file.undocumented.map((name) => `${file.path} ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test("the top level holds what the project says it holds", () => {
    const known =
      /^(\.ci|\.git|\.gitignore|ARCHITECTURE\.md|CHANGELOG\.md|CONTRIBUTING\.md|Containerfile|LICENSE|README\.md|SECURITY\.md|biome\.json|bun\.lock|bunfig\.toml|deploy|dist|docs|examples|node_modules|package\.json|scripts|src|test|tsconfig\.json)$/;
    expect(readdirSync(ROOT).filter((name) => !known.test(name))).toEqual([]);
  });

  test("the lock file records no download host", () => {
    expect(readFileSync(join(ROOT, "bun.lock"), "utf8")).not.toContain("http");
  });
});

function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

/** Gives one cycle as the list of its files, or nothing. */
function findCycle(): string[] {
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] => {
    const at = trail.indexOf(path);
    if (at >= 0) return [...trail.slice(at), path];
    if (done.has(path)) return [];
    for (const { file } of BY_PATH.get(path)?.imports ?? []) {
      const cycle = file === undefined ? [] : visit(file, [...trail, path]);
      if (cycle.length > 0) return cycle;
    }
    done.add(path);
    return [];
  };
  for (const file of FILES) {
    const cycle = visit(file.path, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
