import {
  ARTIFACT_REPOSITORIES,
  ARTIFACT_REPOSITORIES_AT_ONCE,
  ARTIFACTS,
  ARTIFACTS_AT_ONCE,
  ARTIFACTS_TIMEOUT_MS,
} from "../../artifact-limits.ts";
import { eachBounded } from "../../concurrent.ts";
import { DevregError } from "../../errors.ts";
import type { Descriptor, Digest, ReadonlyRegistry } from "../../oci-client/index.ts";
import type { FindType } from "../artifact-type.ts";
import type { Trouble } from "../reason.ts";
import { troubleOf } from "../reason.ts";
import type { Artifact, Referrer } from "./artifact.ts";
import {
  type InspectedArtifact,
  inspectArtifact,
  joinArtifact,
  readReferrers,
} from "./inspect-artifact.ts";
import { listRepository, type RepositoryListing, type TaggedManifest } from "./list-repository.ts";

/** What was inspected before, by repository and digest: content of a digest does not change. */
export type InspectedBefore = Map<string, InspectedArtifact>;

/** What a gathering works with. */
export interface GatheringParts {
  readonly registry: ReadonlyRegistry;
  readonly findType: FindType;
  readonly before: InspectedBefore;
  /** Default ARTIFACTS_TIMEOUT_MS. */
  readonly timeoutMs?: number | undefined;
}

/** Turns after which others get one: content in memory keeps nobody waiting otherwise. */
const PAUSE_AFTER = 32;

/** Reads all artifacts of a registry, once; what was found so far can be looked at meanwhile. */
export class Gathering {
  /** By "repository@digest", as they were found. */
  readonly artifacts = new Map<string, Artifact>();
  /** What was inspected, for the next gathering. */
  readonly inspected: InspectedBefore = new Map();
  /** Resolves when it is over, however it went. */
  readonly done: Promise<void>;
  readonly #parts: GatheringParts;
  readonly #deadline: AbortSignal;
  #trouble: Trouble | undefined;
  #failures = 0;
  #leftOut = 0;
  #isDone = false;
  #turns = 0;
  #pausing: Promise<void> | undefined;

  constructor(parts: GatheringParts) {
    this.#parts = parts;
    this.#deadline = AbortSignal.timeout(parts.timeoutMs ?? ARTIFACTS_TIMEOUT_MS);
    this.done = this.#run().finally(() => {
      this.#isDone = true;
    });
  }

  /** Whether it is over. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** What went wrong first; undefined while nothing did. */
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** How many repositories and artifacts could not be read. */
  get failures(): number {
    return this.#failures;
  }

  /** How many artifacts and tags are not listed because there are too many. */
  get leftOut(): number {
    return this.#leftOut;
  }

  async #run(): Promise<void> {
    const { registry } = this.#parts;
    const names: string[] = [];
    await this.#attempt(async () => {
      for await (const name of registry.repositories()) {
        if (names.length < ARTIFACT_REPOSITORIES) names.push(name);
        else {
          this.#leftOut += 1;
          break;
        }
      }
    });
    await eachBounded([...new Set(names)].sort(), ARTIFACT_REPOSITORIES_AT_ONCE, (name) =>
      this.#attempt(() => this.#readRepository(name)),
    );
  }

  async #readRepository(name: string): Promise<void> {
    await this.#pause();
    const repository = this.#parts.registry.repository(name);
    const isOver = () => this.#deadline.aborted;
    const listing = await listRepository(repository, isOver);
    this.#leftOut += listing.moreTags;
    const subjects = new Set(listing.manifests.map(({ descriptor }) => descriptor.digest));
    // What is attached to something that is not there is listed by itself.
    const alone = [...listing.attached].flatMap(([subject, found]) =>
      subjects.has(subject) ? [] : found,
    );
    await eachBounded([...listing.manifests, ...alone], ARTIFACTS_AT_ONCE, (found) =>
      this.#attempt(() => this.#readArtifact(name, found, listing)),
    );
  }

  async #readArtifact(
    name: string,
    { descriptor, tags }: TaggedManifest,
    { attached }: RepositoryListing,
  ): Promise<void> {
    const { registry, findType } = this.#parts;
    if (this.artifacts.size >= ARTIFACTS) {
      this.#leftOut += 1;
      return;
    }
    await this.#pause();
    const inspected = await this.#inspect(name, descriptor);
    // It is shown with what it says something about.
    if (tags.length === 0 && inspected.subject !== undefined) return;
    const repository = registry.repository(name);
    const referring = await readReferrers(repository, descriptor, findType);
    const found = await this.#attachedTo(name, attached.get(descriptor.digest) ?? []);
    const known = new Set(referring.referrers.map(({ digest }) => digest));
    const referrers = [...referring.referrers, ...found.filter(({ digest }) => !known.has(digest))];
    const artifact = joinArtifact(inspected, tags, { ...referring, referrers });
    this.artifacts.set(keyOf(name, descriptor.digest), artifact);
  }

  async #attachedTo(name: string, found: readonly TaggedManifest[]): Promise<readonly Referrer[]> {
    return await eachBounded(found, ARTIFACTS_AT_ONCE, async ({ descriptor, tags }) => {
      const inspected = await this.#inspect(name, descriptor);
      const { digest, mediaType, artifactType, type, annotations } = inspected;
      return { digest, mediaType, artifactType, type, annotations, tag: tags[0] };
    });
  }

  async #inspect(name: string, descriptor: Descriptor): Promise<InspectedArtifact> {
    const { registry, findType, before } = this.#parts;
    const key = keyOf(name, descriptor.digest);
    const inspected =
      before.get(key) ??
      (await inspectArtifact(
        registry.repository(name),
        { repository: name, descriptor },
        findType,
      ));
    this.inspected.set(key, inspected);
    return inspected;
  }

  /** What fails is counted; what takes too long is left to itself, and nothing more is begun. */
  async #attempt(task: () => Promise<void>): Promise<void> {
    try {
      this.#deadline.throwIfAborted();
      await raceWith(this.#deadline, task());
    } catch (error) {
      this.#failures += 1;
      this.#trouble ??= this.#deadline.aborted ? troubleOf(late()) : troubleOf(error);
    }
  }

  /** All that goes on side by side pauses together, else the rest would go on without a break. */
  async #pause(): Promise<void> {
    this.#turns += 1;
    if (this.#turns % PAUSE_AFTER === 0) {
      this.#pausing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        this.#pausing = undefined;
      });
    }
    await this.#pausing;
  }
}

function keyOf(repository: string, digest: Digest): string {
  return `${repository}@${digest}`;
}

function late(): DevregError {
  return new DevregError("TIMEOUT", "Cannot list the artifacts: it took too long");
}

function raceWith(signal: AbortSignal, task: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(late());
    signal.addEventListener("abort", stop, { once: true });
    task.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
