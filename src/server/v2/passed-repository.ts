import type { ByteStream } from "../../bytes.ts";
import type {
  Descriptor,
  Digest,
  FetchOptions,
  ReadonlyRepository,
} from "../../oci-client/index.ts";
import type { Circuit } from "./circuit.ts";

/** A repository that is behind us alone: it has a while to begin each answer. */
export class PassedRepository implements ReadonlyRepository {
  readonly #inner: ReadonlyRepository;
  readonly #circuit: Circuit;

  constructor(inner: ReadonlyRepository, circuit: Circuit) {
    this.#inner = inner;
    this.#circuit = circuit;
  }

  exists(target: Descriptor): Promise<boolean> {
    return this.#circuit.run(() => this.#inner.exists(target));
  }

  fetch(target: Descriptor, options: FetchOptions = {}): Promise<ByteStream> {
    return this.#circuit.run(
      (signal) => this.#inner.fetch(target, { ...options, signal }),
      options.signal,
    );
  }

  resolveBlob(digest: Digest, signal?: AbortSignal): Promise<Descriptor | undefined> {
    return this.#circuit.run((either) => this.#inner.resolveBlob(digest, either), signal);
  }

  resolve(reference: string, signal?: AbortSignal): Promise<Descriptor | undefined> {
    return this.#circuit.run((either) => this.#inner.resolve(reference, either), signal);
  }

  tags(signal?: AbortSignal): AsyncIterable<string> {
    return this.#listed((either) => this.#inner.tags(either), signal);
  }

  referrers(subject: Digest, signal?: AbortSignal): AsyncIterable<Descriptor> {
    return this.#listed((either) => this.#inner.referrers(subject, either), signal);
  }

  /** How long the rest of a list may take is for who asks for it to say. */
  async *#listed<Item>(
    list: (signal: AbortSignal) => AsyncIterable<Item>,
    signal: AbortSignal | undefined,
  ): AsyncIterable<Item> {
    const [items, first] = await this.#circuit.run(async (either) => {
      const opened = list(either)[Symbol.asyncIterator]();
      return [opened, await opened.next()] as const;
    }, signal);
    try {
      for (let item = first; item.done !== true; item = await items.next()) yield item.value;
    } finally {
      await items.return?.();
    }
  }
}
