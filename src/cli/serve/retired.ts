import { readAll } from "../../bytes.ts";
import type { StackArtifact } from "../../generator/index.ts";
import {
  type Descriptor,
  fetchManifest,
  MemoryRegistry,
  type ReadonlyRepository,
  successors,
} from "../../oci-client/index.ts";
import { RETIRED_ARTIFACTS, RETIRED_BYTES, RETIRED_GRACE_MS } from "../../update-limits.ts";
import type { Generation } from "./generation.ts";

/** A stack version that no generation served now has. */
interface RetiredArtifact {
  readonly repository: string;
  readonly descriptor: Descriptor;
  readonly content: ReadonlyRepository;
  /** What it holds in memory. */
  readonly bytes: number;
  readonly sinceMs: number;
}

/**
 * Keeps stack versions that left the index for a while, so that clients which read the index before
 * can still pull them by digest. The oldest go first where there are too many.
 */
export class Retired {
  readonly #nowMs: () => number;
  /** In the order they came. */
  #artifacts: RetiredArtifact[] = [];

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Takes over what the next generation does not have. */
  async replace(before: Generation, after: Generation): Promise<void> {
    const key = ({ repository, descriptor }: Pick<StackArtifact, "repository" | "descriptor">) =>
      `${repository}@${descriptor.digest}`;
    const kept = new Set(after.stacks.artifacts.map(key));
    const gone = before.stacks.artifacts.filter((artifact) => !kept.has(key(artifact)));
    const again = new Set([...kept, ...gone.map(key)]);
    this.#artifacts = this.#artifacts.filter((artifact) => !again.has(key(artifact)));
    for (const { repository, descriptor } of gone) {
      await this.add(repository, descriptor, before);
    }
  }

  /** Takes over one stack version of a generation. */
  async add(repository: string, descriptor: Descriptor, { stacks, medium }: Owner): Promise<void> {
    const source = stacks.registry.repository(repository);
    const { content, bytes } =
      medium === "memory" ? await copyOf(source, descriptor) : { content: source, bytes: 0 };
    this.#artifacts.push({ repository, descriptor, content, bytes, sinceMs: this.#nowMs() });
    this.#artifacts = bounded(this.#artifacts);
  }

  /** Gives what may still be pulled, by repository and digest. */
  list(): readonly Pick<RetiredArtifact, "repository" | "descriptor">[] {
    this.#drop();
    return this.#artifacts;
  }

  /** Gives the content of each stack version of a repository. */
  of(repository: string): readonly Pick<RetiredArtifact, "descriptor" | "content">[] {
    this.#drop();
    return this.#artifacts.filter((artifact) => artifact.repository === repository);
  }

  #drop(): void {
    const sinceMs = this.#nowMs() - RETIRED_GRACE_MS;
    const [oldest] = this.#artifacts;
    if (oldest === undefined || oldest.sinceMs > sinceMs) return;
    this.#artifacts = this.#artifacts.filter((artifact) => artifact.sinceMs > sinceMs);
  }
}

function bounded(artifacts: readonly RetiredArtifact[]): RetiredArtifact[] {
  const recent = artifacts.slice(-RETIRED_ARTIFACTS);
  let held = recent.reduce((sum, { bytes }) => sum + bytes, 0);
  while (held > RETIRED_BYTES) held -= recent.shift()?.bytes ?? held;
  return recent;
}

type Owner = Pick<Generation, "stacks" | "medium">;

/** A copy of its own, so that the rest of its generation need not stay in memory. */
async function copyOf(
  source: ReadonlyRepository,
  root: Descriptor,
): Promise<{ readonly content: ReadonlyRepository; readonly bytes: number }> {
  const content = new MemoryRegistry().repository("retired");
  const { manifest, bytes } = await fetchManifest(source, root);
  let sum = bytes.byteLength;
  for (const part of successors(manifest)) {
    await content.push(part, await readAll(await source.fetch(part), part.size, part.digest));
    sum += part.size;
  }
  await content.push(root, bytes);
  return { content, bytes: sum };
}
