import { eachBounded } from "../concurrent.ts";
import { DevregError, type ErrorCode } from "../errors.ts";
import { PAGE_ENTRIES } from "../limits.ts";
import type { TagSource } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import { algorithmOf, type Digest, hexOf } from "./digest.ts";
import { isTag } from "./reference.ts";

/** A tag that cosign hangs a signature, an attestation or an SBOM on. */
export interface SignatureTag {
  readonly tag: string;
  readonly descriptor: Descriptor;
}

/** The endings of such tags, after "sha256-<hex>.". */
const SUFFIXES = ["sig", "att", "sbom"];

/** How listing fails where tags can be read all the same. */
const UNLISTED: ReadonlySet<ErrorCode> = new Set([
  "UNAUTHORIZED",
  "NOT_FOUND",
  "REGISTRY_RESPONSE",
  "UNSUPPORTED",
  "LIMIT_EXCEEDED",
]);

/** Finds the tags that cosign makes for what it signs. */
export class SignatureTags {
  readonly #source: TagSource;
  #all: Promise<ReadonlySet<string> | undefined> | undefined;

  constructor(source: TagSource) {
    this.#source = source;
  }

  /** Gives those of one manifest. @throws {DevregError} as resolve does */
  async of(subject: Digest): Promise<readonly SignatureTag[]> {
    const stem = `${algorithmOf(subject)}-${hexOf(subject)}`;
    this.#all ??= listTags(this.#source);
    const all = await this.#all;
    const found = await eachBounded(SUFFIXES, SUFFIXES.length, async (suffix) => {
      const tag = `${stem}.${suffix}`;
      // Digests of over 64 digits make no tag, so nothing is signed by them.
      if (!isTag(tag) || all?.has(tag) === false) return undefined;
      const descriptor = await this.#source.resolve(tag);
      return descriptor && { tag, descriptor };
    });
    return found.flatMap((one) => one ?? []);
  }
}

/**
 * Lists all tags, which saves asking for each that may be there; undefined where there are too many
 * for that, or where they are not told.
 */
async function listTags(source: TagSource): Promise<ReadonlySet<string> | undefined> {
  const tags = new Set<string>();
  let listed = 0;
  try {
    for await (const tag of source.tags()) {
      tags.add(tag);
      listed += 1;
      // Counted as they come: a list without end may name the same ones over and over.
      if (listed >= PAGE_ENTRIES) return undefined;
    }
    return tags;
  } catch (error) {
    if (error instanceof DevregError && UNLISTED.has(error.code)) return undefined;
    throw error;
  }
}
