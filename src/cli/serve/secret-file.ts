import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { systemCode, systemState } from "../../atomic-file.ts";
import { DevregError, describeError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import { SECRET_BYTES } from "../../update-limits.ts";
import type { ProcessEdge } from "../edge.ts";

/** Gives a secret as it is now; undefined while there is none. */
export type ReadSecret = () => Promise<Uint8Array | undefined>;

interface Known {
  readonly version: string;
  readonly secret: Uint8Array;
}

/**
 * Makes the reader of a file with a secret, which is read again when it changes. A file that goes
 * away takes the secret with it; one that cannot be read leaves the secret as it was.
 *
 * @throws {DevregError} CONFIG_INVALID when it cannot be read now, or is empty
 */
export async function openSecret(
  edge: ProcessEdge,
  path: string,
  log: Logger,
): Promise<ReadSecret> {
  const file = resolve(edge.cwd, path);
  let known: Known | undefined;
  try {
    known = await readSecret(file, known);
  } catch (cause) {
    const message = `Cannot read --webhook-secret-file "${path}": ${systemState(cause)}`;
    throw new DevregError("CONFIG_INVALID", message, { cause });
  }
  if (known.secret.byteLength === 0) {
    throw new DevregError(
      "CONFIG_INVALID",
      `Cannot use --webhook-secret-file "${path}": it is empty`,
      {
        hint: `Make one, as in openssl rand -hex 32 > ${path}`,
      },
    );
  }
  return async () => {
    try {
      known = await readSecret(file, known);
    } catch (error) {
      if (systemCode(error) === "ENOENT") known = undefined;
      else log.warn("cannot read the secret of webhooks", { error: describeError(error) });
    }
    return known?.secret;
  };
}

/** Reads it unless it is what was read before. The line end of an editor is no part of it. */
async function readSecret(file: string, known: Known | undefined): Promise<Known> {
  await using handle = await open(file, "r");
  const { ino, size, mtimeMs, ctimeMs } = await handle.stat();
  const version = [ino, size, mtimeMs, ctimeMs].join();
  if (known?.version === version) return known;
  if (size > SECRET_BYTES) {
    throw new DevregError("LIMIT_EXCEEDED", `Cannot read "${file}": over ${SECRET_BYTES} bytes`);
  }
  const text = await handle.readFile("latin1");
  return { version, secret: Buffer.from(text.replace(/\r?\n$/, ""), "latin1") };
}
