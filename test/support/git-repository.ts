import { mkdir } from "node:fs/promises";

/** Runs the git program with no configuration but its own; fails loudly. Gives standard output. */
export function git(
  folder: string,
  args: readonly string[],
  input?: string,
  env: Readonly<Record<string, string>> = {},
): string {
  const run = Bun.spawnSync(["git", ...args], {
    cwd: folder,
    env: {
      PATH: "/usr/bin:/bin",
      HOME: "/nonexistent",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: "A",
      GIT_AUTHOR_EMAIL: "a@example.com",
      GIT_COMMITTER_NAME: "C",
      GIT_COMMITTER_EMAIL: "c@example.com",
      ...env,
    },
    ...(input === undefined ? {} : { stdin: Buffer.from(input) }),
  });
  if (run.exitCode !== 0) throw new Error(`git ${args.join(" ")}: ${run.stderr.toString()}`);
  return run.stdout.toString();
}

/** Makes an empty repository whose branch is "main". */
export async function initRepository(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  git(folder, ["init", "-q", "-b", "main"]);
}

/** Gives numbers from 0 to below `limit`, the same ones for the same seed. */
export function seededRandom(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

interface Node {
  readonly mark: number;
  readonly files: ReadonlyMap<string, string>;
}

const OFFSETS = ["+0000", "+0200", "-0730", "+0545"];

/**
 * Fills an empty repository with a history made from a seed: branches, merges of two and more that
 * take files from any parent or change them once more, deletions, renames, dates that run backwards
 * and dates that are equal. Paths are "stacks/sN/V.0.0/…" below the prefix.
 */
export function importRandomHistory(
  folder: string,
  options: { readonly seed: number; readonly commits: number; readonly prefix?: string },
): void {
  const random = seededRandom(options.seed);
  const prefix = options.prefix ?? "";
  const path = () =>
    `${prefix}stacks/s${random(5)}/${random(3)}.0.0/${["devfile.yaml", "a/b"][random(2)]}`;
  const lines: string[] = [];
  let tips: Node[] = [{ mark: 0, files: new Map() }];
  for (let mark = 1; mark <= options.commits; mark++) {
    const last = mark === options.commits;
    const merged = last || random(6) === 0 ? shuffle(tips, random).slice(0, last ? 99 : 4) : [];
    const [base = tips[0], ...others] = merged.length > 1 ? merged : shuffle(tips, random);
    if (base === undefined) throw new Error("there is always a tip");
    const parents = merged.length > 1 ? [base, ...others] : [base];
    const files = mergedFiles(parents, random);
    for (let change = random(merged.length > 1 ? 2 : 4); change > 0; change--) {
      const target = path();
      const [moved] = [...files.keys()].slice(random(Math.max(1, files.size)));
      const kind = random(8);
      if (kind === 0 && moved !== undefined) files.delete(moved);
      else if (kind === 1 && moved !== undefined) {
        files.set(target, files.get(moved) ?? "");
        files.delete(moved);
      } else files.set(target, `version ${random(9)}\n`);
    }
    lines.push(...commitLines(mark, parents, files, random));
    const kept = tips.filter((tip) => !parents.includes(tip) || random(3) === 0);
    tips = [...kept.slice(-5), { mark, files }];
  }
  lines.push(`reset refs/heads/main`, `from :${options.commits}`, "");
  git(folder, ["fast-import", "--quiet"], lines.join("\n"));
}

function mergedFiles(parents: readonly Node[], random: (limit: number) => number) {
  const files = new Map<string, string>();
  for (const path of new Set(parents.flatMap((parent) => [...parent.files.keys()]))) {
    const text = parents[random(parents.length)]?.files.get(path);
    if (text !== undefined) files.set(path, text);
  }
  return files;
}

function commitLines(
  mark: number,
  parents: readonly Node[],
  files: ReadonlyMap<string, string>,
  random: (limit: number) => number,
): string[] {
  const seconds = 1_600_000_000 + mark * 50 - random(4) * 60;
  const [base, ...merged] = parents.filter((parent) => parent.mark > 0);
  return [
    "commit refs/heads/work",
    `mark :${mark}`,
    `author A <a@example.com> ${seconds - random(1000)} ${OFFSETS[random(OFFSETS.length)]}`,
    `committer C <c@example.com> ${seconds} +0100`,
    `data ${`commit ${mark}\n`.length}`,
    `commit ${mark}`,
    base === undefined ? "" : `from :${base.mark}`,
    ...merged.map((parent) => `merge :${parent.mark}`),
    "deleteall",
    ...[...files].flatMap(([path, text]) => [
      `M ${text.includes("7") ? "100755" : "100644"} inline ${path}`,
      `data ${text.length}`,
      text,
    ]),
    "",
  ].filter((line, at) => line !== "" || at > 5);
}

function shuffle<Item>(items: readonly Item[], random: (limit: number) => number): Item[] {
  return items
    .map((item) => ({ item, key: random(1_000_000) }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
