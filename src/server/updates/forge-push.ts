import { UPDATE_STACK_CHARS, UPDATE_STACKS } from "../../webhook-limits.ts";

/** A push as a forge tells of it. */
export interface ForgePush {
  /** "refs/heads/main". */
  readonly ref: string;
  /** Undefined when the reference was deleted. */
  readonly commit: string | undefined;
  /** Every address that the forge knows the repository by. */
  readonly addresses: readonly string[];
  readonly defaultBranch: string | undefined;
  /** Names of the stacks whose files changed, as far as the forge tells, sorted. */
  readonly stacks: readonly string[];
}

/** What the fields of a forge's payload are called. */
interface PayloadNames {
  readonly repository: string;
  readonly addresses: readonly string[];
  /** Where the commit is; the first one that is there counts. */
  readonly commit: readonly string[];
}

const GITHUB: PayloadNames = {
  repository: "repository",
  addresses: ["clone_url", "ssh_url", "html_url", "git_url"],
  commit: ["after"],
};
const GITLAB: PayloadNames = {
  repository: "project",
  addresses: ["git_http_url", "git_ssh_url", "http_url", "ssh_url", "web_url", "url"],
  commit: ["checkout_sha", "after"],
};

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const NO_COMMIT = /^0+$/;
const STACK_PATH = /^stacks\/([^/]+)\//;

/** Reads the payload of a push event; undefined when it is none. */
export function parsePush(origin: "github" | "gitlab", payload: unknown): ForgePush | undefined {
  const names = origin === "github" ? GITHUB : GITLAB;
  const ref = textAt(payload, "ref");
  const commit = firstText(payload, names.commit);
  const repository = fieldAt(payload, names.repository);
  if (ref === undefined || commit === undefined || !COMMIT.test(commit)) return undefined;
  return {
    ref,
    commit: NO_COMMIT.test(commit) ? undefined : commit,
    addresses: names.addresses.flatMap((name) => textAt(repository, name) ?? []),
    defaultBranch: textAt(repository, "default_branch"),
    stacks: changedStacks(fieldAt(payload, "commits")),
  };
}

/** Forges list a part of the commits of a large push only, so this is never all for sure. */
function changedStacks(commits: unknown): readonly string[] {
  const paths = listOf(commits).flatMap((commit) =>
    ["added", "modified", "removed"].flatMap((change) => listOf(fieldAt(commit, change))),
  );
  const stacks = paths.flatMap((path) => {
    const stack = typeof path === "string" ? STACK_PATH.exec(path)?.[1] : undefined;
    return stack === undefined || stack.length > UPDATE_STACK_CHARS ? [] : [stack];
  });
  return [...new Set(stacks)].sort().slice(0, UPDATE_STACKS);
}

function firstText(value: unknown, names: readonly string[]): string | undefined {
  const [first] = names.flatMap((name) => textAt(value, name) ?? []);
  return first;
}

function textAt(value: unknown, name: string): string | undefined {
  const field = fieldAt(value, name);
  return typeof field === "string" ? field : undefined;
}

function fieldAt(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  const field: unknown = Reflect.get(value, name);
  return field;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
