import type { Build } from "../../generator/index.ts";
import type { MirrorPlan } from "./mirror-plan.ts";

/** One image in a table of what would be moved. */
export interface TableRow {
  /** Full name. */
  readonly image: string;
  /** "linux/amd64", sorted; empty for what is made for none. */
  readonly platforms: readonly string[];
  /** Signatures, SBOMs and attestations that come along. */
  readonly referrers: number;
  /** Of all its distinct content. */
  readonly bytes: number;
  /** How many places name it. */
  readonly places: number;
}

/** What would be moved, image by image and in all. */
export interface LockTable {
  /** Sorted by image; the base of the offline registry image comes last. */
  readonly rows: readonly TableRow[];
  readonly totals: {
    /** Of all distinct content: what images share counts once. */
    readonly imageBytes: number;
    /** How many archives of projects the offline build has, and what they hold. */
    readonly projects: number;
    readonly projectBytes: number;
    /** All other files of the offline build. */
    readonly files: number;
    readonly fileBytes: number;
  };
}

/** Tells what a plan would move. */
export async function lockTable({ images, base }: MirrorPlan, offline: Build): Promise<LockTable> {
  const all = [...images, ...(base === undefined ? [] : [base])];
  const sizes = new Map<string, number>();
  for (const { graph } of all) {
    const manifests = graph.manifests.map(({ descriptor }) => descriptor);
    for (const { digest, size } of [...manifests, ...graph.blobs]) sizes.set(digest, size);
  }
  return {
    rows: all.map(({ locked }) => ({
      image: locked.image,
      platforms: Object.keys(locked.platforms),
      referrers: locked.referrers.length + Object.keys(locked.signatureTags).length,
      bytes: locked.bytes,
      places: locked.occurrences.length,
    })),
    totals: {
      imageBytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
      ...(await countFiles(offline)),
    },
  };
}

async function countFiles({ files, info }: Build) {
  const archives = info?.offline?.projects ?? {};
  const counts = { projects: 0, projectBytes: 0, files: 0, fileBytes: 0 };
  for (const path of await files.paths()) {
    const size = (await files.stat(path))?.size ?? 0;
    if (path in archives) {
      counts.projects += 1;
      counts.projectBytes += size;
    } else {
      counts.files += 1;
      counts.fileBytes += size;
    }
  }
  return counts;
}
