import { DevregError } from "../errors.ts";
import type { BlobMounter, BlobRestorer, ContentSource, Repository } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { Flights } from "./flights.ts";
import type { ImageGraph } from "./image-graph.ts";
import { Lane } from "./lane.ts";

/** Where images may be transferred to. */
export type TransferTarget = Repository & Partial<BlobMounter> & Partial<BlobRestorer>;

/** How content came to be at the target. */
export type Placed = "copied" | "mounted" | "reused";

/** What one run to one registry knows. */
export class TransferRun {
  readonly concurrency: number;
  readonly signal: AbortSignal | undefined;
  /** Bounds what is read and sent at once. */
  readonly lane: Lane;
  /** A repository of the target that has a blob. */
  readonly donors = new Map<Digest, string>();
  /** Blobs on their way to their first repository; none of these promises fails. */
  readonly arriving = new Map<Digest, Promise<void>>();
  /** Blobs that this run brought to their first repository. */
  readonly arrived = new Set<Digest>();
  readonly #onBytes: (bytes: number) => void;
  readonly #counted = new Map<Digest, number>();
  readonly #repositories = new Map<string, RepositoryRun>();

  constructor(
    concurrency: number,
    signal: AbortSignal | undefined,
    onBytes: (bytes: number) => void = () => undefined,
  ) {
    this.concurrency = concurrency;
    this.signal = signal;
    this.lane = new Lane(concurrency);
    this.#onBytes = onBytes;
  }

  /** Gives what is known of one repository of the target. */
  repository(name: string): RepositoryRun {
    const known = this.#repositories.get(name) ?? {
      placed: new Flights<Digest, Placed>(),
      referrers: new Flights<Digest, ReadonlySet<Digest>>(),
    };
    this.#repositories.set(name, known);
    return known;
  }

  /** Says how far content came; what was counted before is not counted again. */
  reached({ digest }: Descriptor, bytes: number): void {
    const before = this.#counted.get(digest) ?? 0;
    if (bytes <= before) return;
    this.#counted.set(digest, bytes);
    this.#onBytes(bytes - before);
  }

  /** Ends the run when it is to end. @throws {DevregError} ABORTED */
  checkSignal(): void {
    if (this.signal?.aborted !== true) return;
    throw new DevregError("ABORTED", "Cannot transfer images: interrupted", {
      hint: "Run it again: what is there is not sent again",
    });
  }
}

/** What became of the content of one image so far. */
export type PlacedContent = ReadonlyMap<Digest, Placed>;

/** What one run knows of one repository. */
interface RepositoryRun {
  readonly placed: Flights<Digest, Placed>;
  /** What the repository lists as referrers, by subject. */
  readonly referrers: Flights<Digest, ReadonlySet<Digest>>;
}

/** One image on its way. */
export interface ImageRun {
  readonly run: TransferRun;
  readonly graph: ImageGraph;
  readonly source: ContentSource;
  readonly target: TransferTarget;
  /** The repository, as the target's registry calls it. */
  readonly name: string;
}

/**
 * Brings something to a repository unless that was done in this run. Where another image failed to
 * bring it, this one tries by itself.
 */
export async function placeOnce(
  { run, name }: ImageRun,
  content: Descriptor,
  place: () => Promise<Placed>,
): Promise<Placed> {
  const { placed } = run.repository(name);
  for (;;) {
    // Each turn but the last waits for a flight of another image, so there are no more than these.
    const { result, isFirst } = placed.once(content.digest, place);
    const outcome = isFirst ? await result : await result.catch(() => undefined);
    if (outcome === undefined) continue;
    run.reached(content, content.size);
    return isFirst ? outcome : "reused";
  }
}
