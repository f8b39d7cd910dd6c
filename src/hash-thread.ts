import { HASH_SLOT_BYTES, HASH_SLOTS } from "./api-limits.ts";
import { DevregError } from "./errors.ts";

/** What is said to the thread; chunks stand in a slot of the shared memory. */
export type ToHashWorker =
  | { readonly kind: "memory"; readonly slots: readonly Uint8Array[] }
  | { readonly kind: "begin"; readonly id: number; readonly algorithm: string }
  | { readonly kind: "chunk"; readonly id: number; readonly slot: number; readonly bytes: number }
  | { readonly kind: "end"; readonly id: number };

/** What the thread says. */
export type FromHashWorker =
  | { readonly kind: "free"; readonly slot: number }
  | { readonly kind: "digest"; readonly id: number; readonly hex: string };

/** A hash that is made beside the thread that reads. */
export interface HashElsewhere {
  /** Takes over the bytes of a chunk; waits while the thread has enough to do. */
  update(chunk: Uint8Array): Promise<void>;
  /** Gives the hash in hexadecimal. */
  digest(): Promise<string>;
  /** Lets go of a hash that nobody wants any more; after the digest it does nothing. */
  drop(): void;
}

interface Started {
  readonly worker: Worker;
  readonly slots: readonly Uint8Array[];
}

/**
 * Hashes long content in a thread of its own, so that passing it on goes on meanwhile. The thread
 * is started by the first content and keeps no process alive.
 */
export class HashThread {
  readonly #free: number[] = [];
  readonly #waiting: PromiseWithResolvers<number>[] = [];
  readonly #digests = new Map<number, PromiseWithResolvers<string>>();
  #started: Started | undefined;
  #broken: unknown;
  #last = 0;

  /** Begins a hash; undefined when threads do not work here, and one has to hash oneself. */
  begin(algorithm: string): HashElsewhere | undefined {
    if (this.#broken !== undefined) return undefined;
    this.#started ??= this.#start();
    this.#last += 1;
    const id = this.#last;
    this.#say({ kind: "begin", id, algorithm });
    let isOver = false;
    return {
      update: (chunk) => this.#take(id, chunk),
      digest: () => {
        isOver = true;
        return this.#end(id);
      },
      drop: () => {
        if (!isOver) this.#say({ kind: "end", id });
        isOver = true;
      },
    };
  }

  #start(): Started {
    const memory = new SharedArrayBuffer(HASH_SLOT_BYTES * HASH_SLOTS);
    const slots = Array.from(
      { length: HASH_SLOTS },
      (_, at) => new Uint8Array(memory, at * HASH_SLOT_BYTES, HASH_SLOT_BYTES),
    );
    this.#free.push(...slots.keys());
    const worker = new Worker(new URL("./hash-worker.ts", import.meta.url).href);
    worker.unref();
    worker.onmessage = ({ data }: MessageEvent<FromHashWorker>) => this.#hear(data);
    worker.onerror = ({ message }) => this.#break(message);
    worker.postMessage({ kind: "memory", slots } satisfies ToHashWorker);
    return { worker, slots };
  }

  async #take(id: number, chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.byteLength; at += HASH_SLOT_BYTES) {
      const part = chunk.subarray(at, at + HASH_SLOT_BYTES);
      const slot = this.#free.pop() ?? (await this.#nextFree());
      this.#started?.slots[slot]?.set(part);
      this.#say({ kind: "chunk", id, slot, bytes: part.byteLength });
    }
  }

  #nextFree(): Promise<number> {
    if (this.#broken !== undefined) throw this.#failure();
    const slot = Promise.withResolvers<number>();
    this.#waiting.push(slot);
    return slot.promise;
  }

  #end(id: number): Promise<string> {
    if (this.#broken !== undefined) throw this.#failure();
    const digest = Promise.withResolvers<string>();
    this.#digests.set(id, digest);
    this.#say({ kind: "end", id });
    return digest.promise;
  }

  #say(message: ToHashWorker): void {
    this.#started?.worker.postMessage(message);
  }

  #hear(message: FromHashWorker): void {
    if (message.kind === "free") {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(message.slot);
      else next.resolve(message.slot);
      return;
    }
    this.#digests.get(message.id)?.resolve(message.hex);
    this.#digests.delete(message.id);
  }

  /** Ends what is under way; from now on everybody hashes by himself. */
  #break(reason: unknown): void {
    this.#broken = reason ?? "unknown";
    for (const each of [...this.#waiting.splice(0), ...this.#digests.values()]) {
      each.reject(this.#failure());
    }
    this.#digests.clear();
    this.#started?.worker.terminate();
    this.#started = undefined;
  }

  #failure(): DevregError {
    return new DevregError("IO", `Cannot hash in a thread: ${String(this.#broken)}`);
  }
}
