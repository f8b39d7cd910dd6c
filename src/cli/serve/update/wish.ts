import type { UpdateRequest, UpdateTrigger } from "../../../server/index.ts";

/** What one run of an update is to come to. */
export interface Wish {
  /** What asked for it. */
  readonly askedBy: readonly UpdateTrigger[];
  /** The newest commit of each source. */
  readonly newest: boolean;
  /** Commits that are wanted exactly; the newest of them counts. */
  readonly commits: readonly string[];
  /** Commits that a forge names: they count where its branches do not show them yet. */
  readonly hints: readonly string[];
  /** Looks again at what lives in other repositories. */
  readonly samples: boolean;
  /** Takes the only commit even if it is older. */
  readonly force: boolean;
  /** Makes the generation once more although nothing changed: the registry lost it. */
  readonly again: boolean;
}

/** A wish for the newest commits and nothing more. */
export const NEWEST: Wish = {
  askedBy: [],
  newest: true,
  commits: [],
  hints: [],
  samples: false,
  force: false,
  again: false,
};

/** Gives what a request wishes for. A forge tells of a push; its branch is what counts. */
export function wishOf({ origin, commit, samples, force }: UpdateRequest): Wish {
  const isOwn = origin === "own";
  const commits = commit === undefined ? [] : [commit];
  return {
    ...NEWEST,
    askedBy: [isOwn ? "command" : "webhook"],
    newest: !isOwn || commit === undefined,
    commits: isOwn ? commits : [],
    hints: isOwn ? [] : commits,
    samples: samples === true,
    force: force === true && commit !== undefined,
  };
}

/** Makes one wish of several. */
export function joinWishes(wishes: readonly Wish[]): Wish {
  return {
    askedBy: [...new Set(wishes.flatMap(({ askedBy }) => askedBy))],
    newest: wishes.some(({ newest }) => newest),
    commits: [...new Set(wishes.flatMap(({ commits }) => commits))],
    hints: [...new Set(wishes.flatMap(({ hints }) => hints))],
    samples: wishes.some(({ samples }) => samples),
    force: wishes.some(({ force }) => force),
    again: wishes.some(({ again }) => again),
  };
}
