import { streamOf, utf8 } from "../../src/bytes.ts";
import {
  contentNotFound,
  type Descriptor,
  type Digest,
  isDigest,
  type ReadonlyRepository,
  verifyStream,
} from "../../src/oci-client/index.ts";

/** What is wrong with a repository. */
export interface Damage {
  /** Content that is gone. */
  readonly without?: readonly Digest[];
  /** Content that is there in its full size, with other bytes. */
  readonly broken?: readonly Digest[];
  /** Tags that are gone. */
  readonly untagged?: readonly string[];
  /** Whether nothing is listed as a referrer. */
  readonly unlisted?: boolean;
}

/** Gives a repository as it is after damage; what it is made from stays as it is. */
export function damagedRepository(
  whole: ReadonlyRepository,
  { without = [], broken = [], untagged = [], unlisted = false }: Damage,
): ReadonlyRepository {
  const gone = new Set<string>([...without, ...untagged]);
  const resolve = async (reference: string) => {
    const found = gone.has(reference) ? undefined : await whole.resolve(reference);
    return found !== undefined && isDigest(reference) && gone.has(found.digest) ? undefined : found;
  };
  return {
    resolve,
    exists: async (target) => !gone.has(target.digest) && whole.exists(target),
    fetch: async (target: Descriptor, options) => {
      if (gone.has(target.digest)) throw contentNotFound(target.digest);
      if (!broken.includes(target.digest)) return await whole.fetch(target, options);
      return verifyStream(target, streamOf(utf8("x".repeat(target.size))));
    },
    resolveBlob: async (digest) => (gone.has(digest) ? undefined : whole.resolveBlob(digest)),
    tags: () => whole.tags(),
    referrers: (subject) => (unlisted ? none() : whole.referrers(subject)),
  };
}

async function* none() {
  // Nothing is listed.
}
