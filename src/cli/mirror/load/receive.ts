import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Bundle, openBundle, rootNamesOf } from "../../../airgap/index.ts";
import { ioError } from "../../../atomic-file.ts";
import { pruneLayout, readTarStream } from "../../../oci-client/index.ts";
import type { ProcessEdge } from "../../edge.ts";

/** The word that stands for standard input. */
const STANDARD_INPUT = "-";

/**
 * Opens the bundle that an operand names. One from standard input is unpacked first, into the cache
 * folder where there is one, so that an interrupted run need not receive it all again.
 *
 * @throws {DevregError} as openBundle() and readTarStream() do
 */
export async function openOperand(
  edge: ProcessEdge,
  operand: string,
  cacheDir: string | undefined,
  closing: AsyncDisposableStack,
): Promise<Bundle> {
  const received = operand === STANDARD_INPUT;
  const path = received ? await receive(edge, cacheDir, closing) : resolve(edge.cwd, operand);
  const bundle = await openBundle(path, received ? "standard input" : operand);
  closing.defer(() => bundle.close());
  // What bundles before it left there would stay for ever.
  if (received) await pruneLayout(path, rootNamesOf(bundle));
  return bundle;
}

async function receive(
  edge: ProcessEdge,
  cacheDir: string | undefined,
  closing: AsyncDisposableStack,
): Promise<string> {
  const folder =
    cacheDir === undefined
      ? await temporaryFolder(closing)
      : join(resolve(edge.cwd, cacheDir), "received");
  await readTarStream(edge.stdin(), folder);
  return folder;
}

async function temporaryFolder(closing: AsyncDisposableStack): Promise<string> {
  try {
    const folder = await mkdtemp(join(tmpdir(), "devreg-bundle-"));
    closing.defer(() => rm(folder, { recursive: true, force: true }));
    return join(folder, "bundle");
  } catch (error) {
    throw ioError("make folder in", tmpdir(), error);
  }
}
