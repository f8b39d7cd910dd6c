import { open } from "node:fs/promises";
import { resolve } from "node:path";
import type { Bundle, MirrorLock } from "../../airgap/index.ts";
import { ioError } from "../../atomic-file.ts";
import type { ProcessEdge } from "../edge.ts";
import { openOperand } from "./load/receive.ts";
import { isFile, readLock } from "./plan/lock-input.ts";

/** What an operand holds: a bundle, or a lock alone. */
export interface BundleOrLock {
  readonly lock: MirrorLock;
  readonly bundle?: Bundle;
}

const BRACE = "{".charCodeAt(0);

/**
 * Opens a bundle, or reads a mirror.lock.json: the file that begins as JSON does.
 *
 * @throws {DevregError} as openBundle() and parseLock() do
 */
export async function openBundleOrLock(
  edge: ProcessEdge,
  operand: string,
  closing: AsyncDisposableStack,
): Promise<BundleOrLock> {
  if (isFile(edge, operand) && (await beginsAsJson(edge, operand))) {
    return { lock: await readLock(edge, operand) };
  }
  const bundle = await openOperand(edge, operand, undefined, closing);
  return { lock: bundle.lock, bundle };
}

async function beginsAsJson(edge: ProcessEdge, operand: string): Promise<boolean> {
  try {
    await using file = await open(resolve(edge.cwd, operand), "r");
    const { buffer } = await file.read({ buffer: new Uint8Array(1), length: 1, position: 0 });
    return buffer[0] === BRACE;
  } catch (error) {
    throw ioError("read", operand, error);
  }
}
