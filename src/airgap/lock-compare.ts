import { compareBytewise } from "../generator/index.ts";
import type { LockedImage, LockedProject, MirrorLock } from "./lock.ts";

/** One thing that two locks do not agree on. */
export interface LockDifference {
  readonly kind: "added" | "removed" | "changed";
  readonly what: "setting" | "source" | "image" | "base" | "project" | "file" | "place";
  /** Which one: a full name, an address, a path. */
  readonly name: string;
  /** The difference in words: "was sha256:…, is sha256:…". */
  readonly text: string;
}

/** The words for things of one kind that two locks have or do not have. */
interface Words<Thing> {
  readonly added: (now: Thing) => string;
  readonly removed: string;
  readonly changed: (was: Thing, now: Thing) => string;
}

/** What an image is, wherever it is named. */
type Image = Omit<LockedImage, "occurrences">;

/**
 * Says what differs between a lock and a newer one, sorted by kind of thing and name. Locks without
 * a difference are equal byte for byte.
 */
export function compareLocks(was: MirrorLock, now: MirrorLock): readonly LockDifference[] {
  const both = <Thing>(
    what: LockDifference["what"],
    things: (lock: MirrorLock) => Iterable<readonly [string, Thing]>,
    words: Words<Thing>,
  ) => compareThings(what, new Map(things(was)), new Map(things(now)), words);
  return [
    ...both("setting", settingsOf, {
      added: (value) => `is now ${value}`,
      removed: "is gone",
      changed: (before, after) => `was ${before}, is ${after}`,
    }),
    ...both("source", sourcesOf, commitWords("is a new registry repository")),
    ...both("image", ({ images }) => images.map(imageOf), imageWords),
    ...both("base", ({ base }) => (base === undefined ? [] : [imageOf(base)]), imageWords),
    ...both("project", projectsOf, commitWords("is a new project")),
    ...both(
      "file",
      ({ files }) => files.map((each) => [each.url, `sha256:${each.sha256}`]),
      commitWords("is a new file"),
    ),
    ...both("place", placesOf, {
      added: () => "names images now",
      removed: "names no images any more",
      changed: () => "names images in another way, or at other places",
    }),
  ];
}

function compareThings<Thing>(
  what: LockDifference["what"],
  was: ReadonlyMap<string, Thing>,
  now: ReadonlyMap<string, Thing>,
  words: Words<Thing>,
): readonly LockDifference[] {
  const names = [...new Set([...was.keys(), ...now.keys()])].sort(compareBytewise);
  return names.flatMap((name): readonly LockDifference[] => {
    const [before, after] = [was.get(name), now.get(name)];
    if (after === undefined) return [{ kind: "removed", what, name, text: words.removed }];
    if (before === undefined) return [{ kind: "added", what, name, text: words.added(after) }];
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    return [{ kind: "changed", what, name, text: words.changed(before, after) }];
  });
}

/** Places are compared by the files that they are in. */
function imageOf({ occurrences: _, ...image }: LockedImage): readonly [string, Image] {
  return [image.image, image];
}

const imageWords: Words<Image> = {
  added: ({ digest }) => `is new: ${digest}`,
  removed: "is not mirrored any more",
  changed: (was, now) => {
    if (was.digest !== now.digest) return `was ${was.digest}, is ${now.digest}`;
    const parts = [
      ["platforms", [was.mirrored, was.platforms], [now.mirrored, now.platforms]],
      ["referrers", was.referrers, now.referrers],
      ["signature tags", was.signatureTags, now.signatureTags],
      ["left out", was.leftOut, now.leftOut],
    ] as const;
    const changed = parts.filter(([, a, b]) => JSON.stringify(a) !== JSON.stringify(b));
    return `has changed: ${changed.map(([name]) => name).join(", ") || "size"}`;
  },
};

function commitWords(added: string): Words<string> {
  return {
    added: (now) => `${added}: ${now}`,
    removed: "is not used any more",
    changed: (was, now) => `was ${was}, is ${now}`,
  };
}

function settingsOf(lock: MirrorLock): readonly (readonly [string, string])[] {
  const { platforms, platformMode, referrers, include, exclude, rules } = lock;
  const settings = { platforms, platformMode, referrers, include, exclude, rules };
  return Object.entries(settings).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, JSON.stringify(value)] as const],
  );
}

/** A folder has no address: what tells it from others is its place among the operands. */
function sourcesOf({ sources }: MirrorLock): readonly (readonly [string, string])[] {
  return sources.map(({ url = "a folder", commit_hash: commit, commit_time: time }, at) => [
    `${at + 1}: ${url}`,
    commit === undefined ? "no known commit" : [commit, time ?? []].flat().join(" of "),
  ]);
}

function projectsOf({ projects }: MirrorLock): readonly (readonly [string, string])[] {
  return projects.map((project) => [projectName(project), fetchedOf(project)]);
}

function projectName({ url, revision }: LockedProject): string {
  return revision === undefined ? url : `${url}#${revision}`;
}

function fetchedOf({ commit_hash: commit, sha256 }: LockedProject): string {
  return [
    ...(commit === undefined ? [] : [`commit ${commit}`]),
    ...(sha256 === undefined ? [] : [`sha256:${sha256}`]),
  ].join(" as ");
}

/** What each file says of images, as text. */
function placesOf({ images, references, base }: MirrorLock): ReadonlyMap<string, string> {
  const places = new Map<string, string[]>();
  const all = [...images, ...(base ? [base] : [])].flatMap(({ occurrences }) => occurrences);
  for (const occurrence of [...all, ...references]) {
    const { file } = occurrence;
    const before = places.get(file);
    if (before === undefined) places.set(file, [JSON.stringify(occurrence)]);
    else before.push(JSON.stringify(occurrence));
  }
  return new Map([...places].map(([file, texts]) => [file, texts.join("\n")]));
}
