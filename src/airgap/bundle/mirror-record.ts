import { readAll, textOf, utf8 } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { LOCK_BYTES } from "../../mirror-limits.ts";
import {
  ANNOTATION_TITLE,
  buildManifest,
  type Descriptor,
  describe,
  fetchManifest,
  type ReadonlyRegistry,
  type Registry,
} from "../../oci-client/index.ts";
import type { MirrorLock } from "../lock.ts";
import { formatLock, parseLock } from "../lock-file.ts";
import {
  BUNDLE_FORMAT,
  LOCK_FILE,
  MAPPING_FILE,
  MIRROR_ARTIFACT,
  MIRROR_REPOSITORY,
} from "./bundle-format.ts";

/** What a bundle says of itself. */
export interface MirrorRecord {
  readonly lock: MirrorLock;
  /** Lines "source=target". */
  readonly mapping: string;
}

const LATEST = "latest";

/** Stores the record of a mirror as an artifact; the same record gives the same digest. */
export async function writeMirrorRecord(
  target: Registry,
  { lock, mapping }: MirrorRecord,
): Promise<Descriptor> {
  const repository = target.repository(MIRROR_REPOSITORY);
  const configBytes = utf8(JSON.stringify({ format: BUNDLE_FORMAT }));
  const config = describe(MIRROR_ARTIFACT, configBytes);
  await repository.push(config, configBytes);
  const files: readonly (readonly [string, string, Uint8Array])[] = [
    [LOCK_FILE, "application/json", formatLock(lock)],
    [MAPPING_FILE, "text/plain", utf8(mapping)],
  ];
  const layers: Descriptor[] = [];
  for (const [name, type, bytes] of files) {
    const layer = describe(type, bytes, { [ANNOTATION_TITLE]: name });
    await repository.push(layer, bytes);
    layers.push(layer);
  }
  const manifest = buildManifest({ config, layers, artifactType: MIRROR_ARTIFACT });
  await repository.tag(manifest.descriptor, LATEST, manifest.bytes);
  return manifest.descriptor;
}

/**
 * Reads the record of a mirror.
 *
 * @throws {DevregError} BUNDLE_INVALID when it is not there or incomplete; as parseLock() does
 */
export async function readMirrorRecord(
  source: ReadonlyRegistry,
  shown: string,
): Promise<MirrorRecord> {
  const repository = source.repository(MIRROR_REPOSITORY);
  const root = await repository.resolve(LATEST);
  if (root === undefined) throw incomplete(shown, `it has no ${MIRROR_REPOSITORY}`);
  const { manifest } = await fetchManifest(repository, root);
  const layers = manifest.kind === "image" ? manifest.layers : [];
  const read = async (name: string): Promise<Uint8Array | undefined> => {
    const layer = layers.find(({ annotations }) => annotations?.[ANNOTATION_TITLE] === name);
    if (layer === undefined) return undefined;
    return readAll(await repository.fetch(layer), LOCK_BYTES, `"${name}" of "${shown}"`);
  };
  const lock = await read(LOCK_FILE);
  if (lock === undefined) throw incomplete(shown, `its record has no ${LOCK_FILE}`);
  const mapping = await read(MAPPING_FILE);
  return {
    lock: parseLock(lock, `${shown}: ${LOCK_FILE}`),
    mapping: mapping === undefined ? "" : textOf(mapping),
  };
}

function incomplete(shown: string, state: string): DevregError {
  return new DevregError("BUNDLE_INVALID", `Cannot read bundle "${shown}": ${state}`, {
    hint: "Copy it again, and compare it with: devreg mirror verify BUNDLE",
  });
}
