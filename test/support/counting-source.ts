import {
  type ContentSource,
  type Descriptor,
  type Digest,
  type ImageGraph,
  MemoryRepository,
  readImageGraph,
} from "../../src/oci-client/index.ts";
import { pushGraph, type SampleGraph } from "./sample-content.ts";

/** A source that counts how often each content is read. */
export class CountingSource implements ContentSource {
  readonly reads = new Map<Digest, number>();
  readonly content = new MemoryRepository();

  exists(target: Descriptor) {
    return this.content.exists(target);
  }

  fetch(target: Descriptor) {
    this.reads.set(target.digest, (this.reads.get(target.digest) ?? 0) + 1);
    return this.content.fetch(target);
  }

  async graphOf(sample: SampleGraph): Promise<ImageGraph> {
    return readImageGraph(this.content, sample.root.descriptor, { referrers: true });
  }
}

/** Makes a source that has samples. */
export async function sourceOf(...samples: readonly SampleGraph[]): Promise<CountingSource> {
  const source = new CountingSource();
  for (const sample of samples) await pushGraph(source.content, sample);
  return source;
}
