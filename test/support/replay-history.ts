import { readFileSync } from "node:fs";
import { join } from "node:path";
import { git, initRepository, seededRandom } from "./git-repository.ts";
import { devfileText } from "./registry-repository.ts";

/** What a push does to the registry repository. */
export type PushKind =
  | "add"
  | "change"
  | "new version"
  | "rename"
  | "delete"
  | "revert"
  | "broken"
  | "force-push"
  | "merge";

/** A commit that main is pushed to. */
export interface Push {
  readonly commit: string;
  readonly kind: PushKind;
  /** Whether it can be generated. */
  readonly isValid: boolean;
  /** Its devfiles by "name:version"; of a broken commit those of the one before. */
  readonly devfiles: ReadonlyMap<string, string>;
}

/** A history to be made. */
export interface HistoryOptions {
  readonly seed: number;
  readonly pushes: number;
  /** Every so many pushes there is a settle; what it ends with is valid, what follows may break. */
  readonly settleEvery: number;
}

interface Stack {
  readonly version: string;
  readonly note: string;
}
type Stacks = ReadonlyMap<string, Stack>;

interface Point {
  readonly mark: number;
  readonly stacks: Stacks;
}

type Random = (limit: number) => number;

const NAMES = 24;
const FIRST_STACKS = 10;
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>';
const DECK: readonly PushKind[] = [
  ...Array<PushKind>(6).fill("change"),
  ...Array<PushKind>(2).fill("add"),
  ...Array<PushKind>(2).fill("new version"),
  ...Array<PushKind>(2).fill("rename"),
  ...Array<PushKind>(2).fill("delete"),
  ...["revert", "broken", "force-push", "merge", "merge", "force-push"].map(
    (kind) => kind as PushKind,
  ),
];

/**
 * Makes a repository and, from a seed, the commits that its main branch is pushed to one after
 * another. Five are made within each second, so that times alone do not tell their order.
 */
export async function makePushes(
  folder: string,
  options: HistoryOptions,
): Promise<readonly Push[]> {
  await initRepository(folder);
  const history = new History(seededRandom(options.seed));
  const kinds = history.begin(options);
  const pushed = kinds.map((kind) => ({ kind, ...history.push(kind) }));
  const marks = join(folder, "marks");
  git(folder, ["fast-import", "--quiet", `--export-marks=${marks}`], history.script());
  const names = new Map(
    readFileSync(marks, "utf8")
      .trim()
      .split("\n")
      .map((line) => [Number(line.slice(1).split(" ")[0]), line.split(" ")[1] ?? ""]),
  );
  return pushed.map(({ kind, mark, stacks }) => ({
    kind,
    commit: names.get(mark) ?? "",
    isValid: kind !== "broken",
    devfiles: new Map(
      [...stacks].map(([name, stack]) => [`${name}:${stack.version}`, devfileOf(name, stack)]),
    ),
  }));
}

/** Writes commits for `git fast-import` and remembers what main leads back to. */
class History {
  readonly #random: Random;
  readonly #lines: string[] = [];
  #marks = 0;
  #notes = 0;
  /** What main leads back to, newest last. */
  #line: Point[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** Writes the first commit, and chooses what comes after it: each kind as often as in the deck. */
  begin({ pushes, settleEvery }: HistoryOptions): readonly PushKind[] {
    let stacks: Stacks = new Map();
    for (let count = 0; count < FIRST_STACKS; count += 1) stacks = this.#add(stacks);
    this.#line = [this.#commit([], stacks)];
    const kinds: PushKind[] = [];
    let deck: PushKind[] = [];
    for (let at = 0; at < pushes; at += 1) {
      if (deck.length === 0) deck = [...DECK];
      const [kind = "change"] = deck.splice(this.#random(deck.length), 1);
      const settles = (at + 1) % settleEvery === 0 || at === pushes - 1;
      const begins = at > 0 && at % (2 * settleEvery) === settleEvery;
      if (begins) kinds.push("broken");
      else kinds.push((settles || at === 0) && kind === "broken" ? "change" : kind);
    }
    return kinds;
  }

  push(kind: PushKind): Point {
    const [tip = { mark: 0, stacks: new Map() }] = this.#line.slice(-1);
    const back = this.#line.at(-2 - this.#random(3)) ?? tip;
    switch (kind) {
      case "broken":
        return this.#onward([tip], tip.stacks, this.#pick(tip.stacks));
      case "revert":
        return this.#onward([tip], back.stacks);
      case "force-push":
        this.#line = this.#line.slice(0, this.#line.indexOf(back) + 1);
        return this.#onward([back], this.#changed("change", back.stacks));
      case "merge": {
        const side = this.#commit([back], this.#add(back.stacks));
        const added = [...side.stacks].filter(([name]) => !back.stacks.has(name));
        return this.#onward([tip, side], new Map([...tip.stacks, ...added]));
      }
      default:
        return this.#onward([tip], this.#changed(kind, tip.stacks));
    }
  }

  script(): string {
    const tip = this.#line.at(-1)?.mark;
    return [...this.#lines, "reset refs/heads/main", `from :${tip}`, ""].join("\n");
  }

  #onward(parents: readonly Point[], stacks: Stacks, broken?: string): Point {
    const point = this.#commit(parents, stacks, broken);
    this.#line.push(point);
    return point;
  }

  #changed(kind: PushKind, stacks: Stacks): Stacks {
    const name = this.#pick(stacks);
    const stack = stacks.get(name);
    if (kind === "add" || stack === undefined || stacks.size < 4) return this.#add(stacks);
    const next = new Map(stacks);
    if (kind === "delete") next.delete(name);
    else if (kind === "rename") {
      next.delete(name);
      next.set(this.#free(stacks), stack);
    } else if (kind === "new version") {
      const minor = Number(stack.version.split(".")[1]) + 1;
      next.set(name, { version: `1.${minor}.0`, note: this.#note() });
    } else next.set(name, { ...stack, note: this.#note() });
    return next;
  }

  #add(stacks: Stacks): Stacks {
    const name = this.#free(stacks);
    return new Map([...stacks, [name, { version: "1.0.0", note: this.#note() }]]);
  }

  #pick(stacks: Stacks): string {
    return [...stacks.keys()][this.#random(stacks.size)] ?? "";
  }

  /** Names come back after they were deleted. */
  #free(stacks: Stacks): string {
    const all = Array.from({ length: NAMES }, (_, at) => `stack-${at}`);
    const free = all.filter((name) => !stacks.has(name));
    return free[this.#random(free.length)] ?? `stack-${NAMES + stacks.size}`;
  }

  #note(): string {
    this.#notes += 1;
    return `note ${this.#notes}`;
  }

  #commit(parents: readonly Point[], stacks: Stacks, broken?: string): Point {
    this.#marks += 1;
    const mark = this.#marks;
    const [first, ...merged] = parents;
    this.#lines.push(
      "commit refs/heads/made",
      `mark :${mark}`,
      `committer C <c@example.com> ${1_767_225_600 + Math.floor(mark / 5)} +0000`,
      ...data(`commit ${mark}`),
      ...(first === undefined ? [] : [`from :${first.mark}`]),
      ...merged.map((point) => `merge :${point.mark}`),
      "deleteall",
      ...[...stacks].flatMap(([name, stack]) => [
        ...file(`${name}/devfile.yaml`, name === broken ? "a: [\n" : devfileOf(name, stack)),
        ...file(`${name}/logo.svg`, SVG),
        ...file(`${name}/notes.txt`, `${stack.note}\n`),
      ]),
      "",
    );
    return { mark, stacks };
  }
}

function devfileOf(name: string, { version, note }: Stack): string {
  return devfileText(
    { name, version, displayName: name, description: note },
    "components:\n  - name: tools\n    container:\n      image: quay.io/x/y:1\n",
  );
}

function file(path: string, text: string): string[] {
  return [`M 100644 inline stacks/${path}`, ...data(text)];
}

function data(text: string): string[] {
  return [`data ${Buffer.byteLength(text)}`, text];
}
