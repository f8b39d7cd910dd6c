import { findImages } from "../../../../src/cli/find-images.ts";
import { DevregError } from "../../../../src/errors.ts";
import type { Outside } from "../../../../src/generator/index.ts";
import { BASE, CHILD_DEVFILE, DATES, EXTRA_ENTRIES, STACK_YAML } from "./base.ts";
import type { Mutant } from "./mutant.ts";

const FAR = "https://far.example";
const WEB = "https://raw.githubusercontent.com/far/devfiles/main/devfile.yaml";
const PARENT = "parent:\n  uri: ../parent/devfile.yaml\n";
const NOWHERE = new DevregError("NETWORK", "Cannot fetch it: the connection was refused");
const GONE = new DevregError("NOT_FOUND", "Cannot fetch it: it is not there");

/** Answers from a table; what the table lacks is there, and good for everything. */
function outside(away: Readonly<Record<string, DevregError | readonly string[]>>): Outside {
  const answer = (name: string): readonly string[] => {
    const found = away[name] ?? [];
    if (found instanceof DevregError) throw found;
    return found;
  };
  return {
    findImage: async (image) => (away[image] === GONE ? undefined : answer(image)),
    checkRevision: async ({ url }) => void answer(url),
    checkArchive: async ({ href }) => void answer(href),
  };
}

function asked(
  name: string,
  expects: string,
  edit: readonly [string, string],
  away: Parameters<typeof outside>[0],
): Mutant {
  const options = { findImages, online: outside(away) };
  return {
    name,
    expects: [expects],
    file: "stacks/app/1.1.0/devfile.yaml",
    edits: [edit],
    options,
  };
}

/** What is wrong with what a repository points at, as who fetches it finds out. */
const OF_QUESTIONS: readonly Mutant[] = [
  asked(
    "an image that is gone",
    "warning image-missing",
    ["image: app.example/database", "image: »app.example/database"],
    { "app.example/database:1.0": GONE },
  ),
  asked(
    "an image of another platform",
    "warning image-platform-missing",
    ["image: app.example/database", "image: »app.example/database"],
    { "app.example/database:1.0": ["linux/amd64"] },
  ),
  asked(
    "a registry that is away",
    "warning image-unreachable",
    ["image: app.example/database", "image: »away.example/database"],
    { "away.example/database:1.0": NOWHERE },
  ),
  asked("an archive that is gone", "warning source-missing", ["name: archive", "»name: archive"], {
    "https://app.example/archive.zip": GONE,
  }),
  asked(
    "an archive that is away",
    "warning source-unreachable",
    [
      "name: archive\n    zip: {location: https://app.",
      "»name: archive\n    zip: {location: https://away.",
    ],
    { "https://away.example/archive.zip": NOWHERE },
  ),
];

/** Parents that are fetched: address → text. */
function fetching(devfiles: Readonly<Record<string, string | undefined>>): Partial<Mutant> {
  const fetch = async (url: URL) => {
    const text = devfiles[url.href];
    if (text === undefined) throw NOWHERE;
    return { bytes: Buffer.from(text), url };
  };
  return { options: { imports: { alsoKnownAs: [], fetch } } };
}

const LINKS = Array.from({ length: 40 }, (_, at) => [
  `${FAR}/${at}.yaml`,
  `schemaVersion: 2.2.0\nparent: {uri: ${FAR}/${at + 1}.yaml}\n`,
]);
const NO_OVERRIDES: readonly [string, string] = [
  "  components:\n    - name: tools\n      container: {memoryLimit: 2Gi}\n  commands:\n    - id: start\n      exec: {commandLine: ./child}\n",
  "",
];

function parent(
  name: string,
  expects: string | readonly string[],
  reference: string,
  devfiles: Readonly<Record<string, string | undefined>>,
): Mutant {
  const all = typeof expects === "string" ? [expects] : expects;
  const edits = [[PARENT, `parent:\n  ${reference}\n`] as const, NO_OVERRIDES];
  return { name, expects: all, file: CHILD_DEVFILE, edits, ...fetching(devfiles) };
}

const OF_PARENTS: readonly Mutant[] = [
  parent("a host that is away", "warning parent-unreachable", `uri: »${WEB}`, {}),
  parent("a host of no git provider", "warning parent-host", `uri: »${FAR}/a.yaml`, {
    [`${FAR}/a.yaml`]: "schemaVersion: 2.2.0\n",
  }),
  parent(
    "parents without end",
    "error parent-depth",
    `uri: »${FAR}/0.yaml`,
    Object.fromEntries(LINKS),
  ),
  parent(
    "a relative parent of who has no address",
    "error parent-relative",
    `id: »far\n  registryUrl: ${FAR}`,
    { [`${FAR}/devfiles/far/`]: "schemaVersion: 2.2.0\nparent: {uri: ../x.yaml}\n" },
  ),
];

const OF_FETCHED: readonly Mutant[] = [
  {
    name: "a sample that cannot be fetched",
    expects: ["warning sample-not-fetched"],
    file: EXTRA_ENTRIES,
    edits: [
      [
        "        git:\n          remotes: {origin: https://sample.example/one.git}",
        "        git:\n          »remotes: {origin: https://sample.example/one.git}",
      ],
    ],
    files: { "samples/sample/1.0.0/devfile.yaml": undefined },
    options: { openProject: () => Promise.reject(NOWHERE) },
  },
  {
    name: "a version that cannot be fetched",
    expects: ["warning version-not-fetched"],
    file: STACK_YAML,
    edits: [
      [
        "  - version: 1.0.0\n",
        "  - version: 1.0.0\n  - version: 0.9.0\n    git: »{remotes: {origin: https://app.example/o.git}}\n",
      ],
    ],
    options: { openProject: () => Promise.reject(NOWHERE) },
  },
  {
    name: "an icon that is away",
    expects: [`warning icon-unreachable ${STACK_YAML}:1:1`],
    file: STACK_YAML,
    edits: [],
    options: {
      icons: async (url) => {
        if (url.startsWith("https://app.")) throw NOWHERE;
        return { bytes: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>") };
      },
    },
  },
  {
    name: "a stack of two sources",
    expects: ["error source-duplicate stacks/parent/devfile.yaml"],
    file: STACK_YAML,
    edits: [],
    more: [
      { "stacks/parent/devfile.yaml": BASE["stacks/parent/devfile.yaml"], [DATES]: BASE[DATES] },
    ],
  },
  {
    name: "a history that cannot be read",
    expects: ["warning git-history .git"],
    file: STACK_YAML,
    edits: [],
    history: () => Promise.reject(new DevregError("INPUT_INVALID", "Cannot read git history")),
  },
  {
    name: "a history that was cut off",
    expects: ["warning history-shallow .git"],
    file: STACK_YAML,
    edits: [],
    files: { [DATES]: undefined },
    history: async () => ({
      commit_hash: "1".repeat(40),
      commit_time: "2025-01-01T00:00:00Z",
      dirty: false,
      shallow: true,
      lastModified: new Map(),
    }),
  },
];

/** Faults that show only to who fetches, or reads other sources or a history. */
export const OUTSIDE_MUTANTS: readonly Mutant[] = [...OF_QUESTIONS, ...OF_PARENTS, ...OF_FETCHED];
