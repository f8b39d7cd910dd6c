/** The other side of src/hash-thread.ts: hashes what stands in memory that both sides share. */
import { createHash, type Hash } from "node:crypto";
import type { FromHashWorker, ToHashWorker } from "./hash-thread.ts";

declare const self: Worker;

const hashes = new Map<number, Hash>();
let slots: readonly Uint8Array[] = [];

self.onmessage = ({ data }: MessageEvent<ToHashWorker>) => {
  switch (data.kind) {
    case "memory":
      slots = data.slots;
      return;
    case "begin":
      hashes.set(data.id, createHash(data.algorithm));
      return;
    case "chunk": {
      const bytes = slots[data.slot]?.subarray(0, data.bytes);
      if (bytes !== undefined) hashes.get(data.id)?.update(bytes);
      return answer({ kind: "free", slot: data.slot });
    }
    case "end": {
      const hex = hashes.get(data.id)?.digest("hex") ?? "";
      hashes.delete(data.id);
      return answer({ kind: "digest", id: data.id, hex });
    }
  }
};

function answer(message: FromHashWorker): void {
  self.postMessage(message);
}
