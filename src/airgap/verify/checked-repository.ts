import { DevregError } from "../../errors.ts";
import { GRAPH_MANIFESTS } from "../../limits.ts";
import {
  type Descriptor,
  type Digest,
  fetchManifest,
  isManifestType,
  isNondistributableType,
  type Manifest,
  type ReadonlyRepository,
} from "../../oci-client/index.ts";
import { type Checked, type CheckRun, checked } from "./check-run.ts";

/** Content and what part it has in what needs it: "layer", "config", "platform linux/arm64". */
interface Part {
  readonly descriptor: Descriptor;
  readonly role: string;
}

interface CheckedManifest extends Checked {
  readonly parts: readonly Part[];
}

/** Tells content that may be absent. */
export type MayLack = (digest: Digest) => boolean;

/** Looks at content of one repository; every piece is looked at once, and remembered. */
export class CheckedRepository {
  readonly source: ReadonlyRepository;
  readonly #run: CheckRun;
  readonly #manifests = new Map<Digest, Promise<CheckedManifest>>();
  readonly #blobs = new Map<Digest, Promise<Checked>>();

  constructor(source: ReadonlyRepository, run: CheckRun) {
    this.source = source;
    this.#run = run;
  }

  /**
   * Looks at a manifest and at everything that it needs, and reports what is wrong.
   *
   * @param what what is named as needing it
   */
  async checkGraph(what: string, root: Part, mayLack: MayLack = () => false): Promise<void> {
    const found = new Map<Digest, Part>([[root.descriptor.digest, root]]);
    // The loop also visits what is added to the map while it runs.
    for (const part of found.values()) {
      if (found.size > GRAPH_MANIFESTS) throw tooMany(root.descriptor);
      const { digest } = part.descriptor;
      const { problem, error, parts } = await this.#checkPart(part);
      if (problem !== undefined && !(isNotFound(error) && mayLack(digest))) {
        const told = error === undefined || isNotFound(error) ? {} : { error };
        this.#run.report({ what, digest, problem: `${part.role} ${digest} ${problem}`, ...told });
      }
      for (const below of parts) {
        if (!found.has(below.descriptor.digest)) found.set(below.descriptor.digest, below);
      }
    }
  }

  async #checkPart({ descriptor }: Part): Promise<CheckedManifest> {
    const { digest, mediaType } = descriptor;
    if (!isManifestType(mediaType)) {
      const known = this.#blobs.get(digest) ?? this.#checkBlob(descriptor);
      this.#blobs.set(digest, known);
      return { ...(await known), parts: [] };
    }
    const known = this.#manifests.get(digest) ?? this.#checkManifest(descriptor);
    this.#manifests.set(digest, known);
    return await known;
  }

  async #checkManifest(descriptor: Descriptor): Promise<CheckedManifest> {
    this.#run.count("manifests");
    let parts: readonly Part[] = [];
    const result = await checked(async () => {
      const { manifest } = await fetchManifest(this.source, descriptor);
      parts = partsOf(manifest);
    });
    return { ...shortened(result), parts };
  }

  async #checkBlob(descriptor: Descriptor): Promise<Checked> {
    this.#run.count("blobs");
    const { digest, mediaType } = descriptor;
    const there = await checked(async () => {
      if (await this.source.exists(descriptor)) return;
      // Registries are not allowed to hold it, and engines fetch it elsewhere.
      if (isNondistributableType(mediaType)) return;
      throw new DevregError("NOT_FOUND", `Cannot find ${digest}`);
    });
    if (there.problem !== undefined || this.#run.level !== "blob") return shortened(there);
    const reading = this.#run.reads.get(digest) ?? this.#read(descriptor);
    this.#run.reads.set(digest, reading);
    const read = await reading;
    return isNondistributableType(mediaType) && isNotFound(read.error) ? {} : shortened(read);
  }

  #read(descriptor: Descriptor): Promise<Checked> {
    const { signal } = this.#run;
    return checked(async () => {
      const stream = await this.source.fetch(descriptor, signal === undefined ? {} : { signal });
      for await (const chunk of stream) this.#run.count("bytes", chunk.byteLength);
    });
  }
}

function partsOf(manifest: Manifest): readonly Part[] {
  if (manifest.kind === "index") {
    return manifest.manifests.map((descriptor) => {
      const { os, architecture, variant } = descriptor.platform ?? {};
      const named = [os, architecture, variant].filter((part) => part !== undefined).join("/");
      return { descriptor, role: named === "" ? "manifest" : `manifest of ${named}` };
    });
  }
  return [
    { descriptor: manifest.config, role: "config" },
    ...manifest.layers.map((descriptor) => ({ descriptor, role: "layer" })),
  ];
}

/** What is simply absent is said in few words. */
function shortened(result: Checked): Checked {
  const { problem, error } = result;
  if (problem === undefined) return result;
  return { problem: isNotFound(error) ? "is not there" : `cannot be read: ${problem}`, error };
}

function isNotFound(error: unknown): boolean {
  return error instanceof DevregError && error.code === "NOT_FOUND";
}

function tooMany({ digest }: Descriptor): DevregError {
  return new DevregError(
    "LIMIT_EXCEEDED",
    `Cannot verify ${digest}: it needs over ${GRAPH_MANIFESTS} manifests and blobs`,
  );
}
