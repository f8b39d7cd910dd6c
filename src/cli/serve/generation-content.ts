import type { ByteStream } from "../../bytes.ts";
import {
  contentNotFound,
  type Descriptor,
  type Digest,
  type FetchOptions,
  isDigest,
  type ReadonlyRegistry,
  type ReadonlyRepository,
} from "../../oci-client/index.ts";
import type { Generation } from "./generation.ts";
import type { Retired } from "./retired.ts";

/** What each tag of each repository points to. */
export type TagTable = ReadonlyMap<string, ReadonlyMap<string, Descriptor>>;

/** Gives what the tags of a generation point to, whatever they point to in a registry by now. */
export function tagTable({ stacks, index }: Generation): TagTable {
  const table = new Map<string, Map<string, Descriptor>>();
  const set = (repository: string, tag: string, descriptor: Descriptor) => {
    const tags = table.get(repository) ?? new Map<string, Descriptor>();
    table.set(repository, tags.set(tag, descriptor));
  };
  for (const { repository, tag, descriptor } of stacks.artifacts) set(repository, tag, descriptor);
  for (const tag of index.tags) set(index.repository, tag, index.descriptor);
  return table;
}

/**
 * Gives a generation as a registry: its stack versions and its index by tag and digest, the images
 * it comes with, and by digest what older generations had. What is in the registry behind only is
 * said not to be here.
 */
export function contentOf(generation: Generation, retired: Retired): ReadonlyRegistry {
  const { stacks, index, images, medium } = generation;
  const table = tagTable(generation);
  return {
    repositories: async function* list() {
      const names = new Set([...table.keys(), ...retired.list().map((each) => each.repository)]);
      // A folder has what an earlier process retired, too.
      for (const more of [images, medium === "folder" ? stacks.registry : undefined]) {
        if (more !== undefined) for await (const name of more.repositories()) names.add(name);
      }
      yield* [...names].sort();
    },
    repository: (name) => {
      const tags = table.get(name);
      if (tags === undefined && retired.of(name).length === 0 && images !== undefined) {
        return images.repository(name);
      }
      const isIndex = name === index.repository;
      const held = isIndex || medium !== "registry";
      const source = (isIndex ? index : stacks).registry.repository(name);
      return new GenerationRepository(tags ?? new Map(), held ? source : undefined, () =>
        retired.of(name).map(({ content }) => content),
      );
    },
  };
}

/** One repository of a generation. */
class GenerationRepository implements ReadonlyRepository {
  readonly #tags: ReadonlyMap<string, Descriptor>;
  readonly #held: ReadonlyRepository | undefined;
  readonly #older: () => readonly ReadonlyRepository[];

  constructor(
    tags: ReadonlyMap<string, Descriptor>,
    held: ReadonlyRepository | undefined,
    older: () => readonly ReadonlyRepository[],
  ) {
    this.#tags = tags;
    this.#held = held;
    this.#older = older;
  }

  async exists(target: Descriptor): Promise<boolean> {
    return (await this.#holder((each) => each.exists(target))) !== undefined;
  }

  async fetch(target: Descriptor, options?: FetchOptions): Promise<ByteStream> {
    const holder = await this.#holder((each) => each.exists(target));
    if (holder === undefined) throw contentNotFound(target.digest);
    return await holder.fetch(target, options);
  }

  async resolveBlob(digest: Digest): Promise<Descriptor | undefined> {
    const holder = await this.#holder(
      async (each) => (await each.resolveBlob(digest)) !== undefined,
    );
    return await holder?.resolveBlob(digest);
  }

  async resolve(reference: string): Promise<Descriptor | undefined> {
    if (!isDigest(reference)) return this.#tags.get(reference);
    const tagged = this.#tags.values().find(({ digest }) => digest === reference);
    if (tagged !== undefined) return tagged;
    const holder = await this.#holder(
      async (each) => (await each.resolve(reference)) !== undefined,
    );
    return await holder?.resolve(reference);
  }

  async *tags(): AsyncIterable<string> {
    yield* [...this.#tags.keys()].sort();
  }

  async *referrers(subject: Digest): AsyncIterable<Descriptor> {
    if (this.#held !== undefined) yield* this.#held.referrers(subject);
  }

  async #holder(
    has: (repository: ReadonlyRepository) => Promise<boolean>,
  ): Promise<ReadonlyRepository | undefined> {
    if (this.#held !== undefined && (await has(this.#held))) return this.#held;
    for (const older of this.#older()) if (await has(older)) return older;
    return undefined;
  }
}
