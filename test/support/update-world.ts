import type { Network, NetworkAccess } from "../../src/cli/network.ts";
import { Follower } from "../../src/cli/serve/follower.ts";
import { RegistryStore } from "../../src/cli/serve/registry-store.ts";
import { Retired } from "../../src/cli/serve/retired.ts";
import { Stage } from "../../src/cli/serve/stage.ts";
import { GenerationState } from "../../src/cli/serve/state.ts";
import { Turns } from "../../src/cli/serve/turns.ts";
import { askSources } from "../../src/cli/serve/update/ask-sources.ts";
import { GitSource } from "../../src/cli/serve/update/git-source.ts";
import { compareBy } from "../../src/cli/serve/update/open-sources.ts";
import { Updater, type UpdaterParts } from "../../src/cli/serve/update/updater.ts";
import { DevregError, type ErrorCode, InputError } from "../../src/errors.ts";
import { CommitHistory } from "../../src/generator/fetch/index.ts";
import type { Build } from "../../src/generator/index.ts";
import { silentLogger } from "../../src/log.ts";
import { MemoryRegistry, type Registry } from "../../src/oci-client/index.ts";
import { fakeClock } from "./clock.ts";
import { GO_STACK, SAMPLE_FILES, sampleBuild } from "./sample-build.ts";

const URL_OF = "https://git.example/team/registry.git";

interface MadeCommit {
  readonly commit: string;
  readonly parents: readonly string[];
  readonly minute: number;
  readonly broken: boolean;
}

/** A git server in memory, and an updater with all that it works with. */
export interface UpdateWorld {
  readonly updater: Updater;
  readonly state: GenerationState;
  readonly store: RegistryStore | undefined;
  readonly stage: Stage;
  /** What git was asked: "latest", "fetch <commit>", "history". */
  readonly asked: string[];
  /** Adds a commit whose parents are given, and moves the branch to it unless told. */
  commit(options?: CommitOptions): string;
  /** Moves the branch. */
  move(commit: string): void;
  /** Asks the source once, as time passes, and gives whether it answered. */
  poll(): Promise<boolean>;
  /** Lets time pass; it begins at 1970-01-01. */
  wait(ms: number): void;
  /** Looks once at what the registry has. */
  follow(): Promise<void>;
  /** Lets everything that is asked of git fail, or not any more. */
  fail(code: ErrorCode | undefined): void;
  /** The description that is served; undefined while nothing is. */
  served(): Promise<string | undefined>;
}

/** What a commit is like. */
export interface CommitOptions {
  /** The tip of the branch unless told. */
  readonly parents?: readonly string[];
  readonly minute?: number;
  readonly broken?: boolean;
  readonly moves?: boolean;
}

/** How a world differs from the plain one. */
export interface UpdateWorldOptions {
  /** Called while a build is made. */
  readonly making?: (commit: string) => Promise<void>;
}

/** Opens a world with one commit. */
export function updateWorld(
  registry: Registry | undefined = new MemoryRegistry(),
  options: UpdateWorldOptions = {},
): UpdateWorld {
  const commits = new Map<string, MadeCommit>();
  const asked: string[] = [];
  let tip = "";
  let failure: ErrorCode | undefined;
  const ask = (what: string) => {
    asked.push(what);
    if (failure !== undefined) throw new DevregError(failure, `Cannot ${what}: it was to fail`);
  };
  const access = gitIn(commits, () => tip, ask);
  const network: Network = { open: async () => access, close: async () => undefined };
  const source = new GitSource({ url: URL_OF, revision: "main" }, URL_OF, network, silentLogger);
  const clock = fakeClock();
  const state = new GenerationState();
  const now = () => new Date(clock.nowMs());
  const log = silentLogger;
  const stage = new Stage({ state, retired: new Retired(clock.nowMs), data: undefined, now, log });
  const signal = new AbortController().signal;
  const compare = compareBy([source]);
  const turns = new Turns();
  const store = registry && new RegistryStore({ registry, compare, log, signal });
  const edge: UpdaterParts["edge"] = {
    ...clock,
    now,
    // As the process sleeps: an abort ends it without an error.
    sleep: (ms, stop) => clock.sleep(ms, stop).catch(() => undefined),
  };
  const updater = new Updater({
    edge,
    sources: [source],
    make: async ([first]) => {
      const name = first?.files.name ?? "";
      await options.making?.(name);
      return await buildOf(commits, name);
    },
    ...{ state, stage, turns, store, metrics: { updateEnded: () => undefined }, log },
  });
  const commit = ({ parents, minute, broken = false, moves = true }: CommitOptions = {}) => {
    const name = String(commits.size + 1).padStart(40, "0");
    const all = parents ?? (tip === "" ? [] : [tip]);
    commits.set(name, { commit: name, parents: all, minute: minute ?? commits.size + 1, broken });
    if (moves) tip = name;
    return name;
  };
  commit();
  const served = async () => {
    const build = state.generation()?.build;
    const bytes = await build?.files.read("stacks/go/2.0.0/devfile.yaml");
    return bytes && Buffer.from(bytes).toString();
  };
  return {
    ...{ updater, state, store, stage, asked, commit, served },
    poll: () => askSources({ edge, state, log }, updater),
    wait: (ms) => clock.advance(ms),
    follow: async () => {
      if (store === undefined) throw new Error("there is no registry to follow");
      const metrics = { followFailed: () => undefined };
      const parts = { edge, store, state, stage, turns, metrics, log, onBehind: () => undefined };
      await new Follower(parts).look();
    },
    move: (name) => {
      tip = name;
    },
    fail: (code) => {
      failure = code;
    },
  };
}

/** Makes a build whose devfile is the name of its commit. */
async function buildOf(commits: ReadonlyMap<string, MadeCommit>, name: string): Promise<Build> {
  const made = commits.get(name);
  if (made?.broken !== false) {
    const issue = { file: "stacks/go/devfile.yaml", line: 3, message: "it is broken" };
    throw new InputError("Cannot use it: 1 error", [issue]);
  }
  return sampleBuild({
    index: [GO_STACK],
    files: { ...SAMPLE_FILES, "stacks/go/2.0.0/devfile.yaml": name },
    sources: [{ url: URL_OF, commit_hash: name, commit_time: timeOf(made) }],
  });
}

function timeOf({ minute }: MadeCommit): string {
  return new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
}

function gitIn(
  commits: ReadonlyMap<string, MadeCommit>,
  tip: () => string,
  ask: (what: string) => void,
): NetworkAccess {
  const notAsked = async () => {
    throw new Error("nothing but git is asked");
  };
  return {
    icons: notAsked,
    fetchDevfile: notAsked,
    openProject: notAsked,
    checkRevision: notAsked,
    checkArchive: notAsked,
    resolveRevision: async () => {
      ask("latest");
      return tip();
    },
    fetchHistory: async () => {
      ask("history");
      return new CommitHistory(
        tip(),
        new Map([...commits].map(([name, { parents }]) => [name, parents])),
      );
    },
    fetchRepository: async ({ revision = "" }) => {
      ask(`fetch ${revision}`);
      const made = commits.get(revision);
      if (made === undefined) throw new DevregError("NOT_FOUND", `Cannot fetch ${revision}`);
      const list = async () => ({ files: [], findings: [] });
      const source = { name: revision, list, read: notAsked };
      return {
        source,
        url: URL_OF,
        commit_hash: revision,
        commit_time: timeOf(made),
        parents: made.parents,
        history: notAsked,
        changedSince: notAsked,
        close: async () => undefined,
      };
    },
  };
}
