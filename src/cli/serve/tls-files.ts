import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { systemState } from "../../atomic-file.ts";
import { DevregError } from "../../errors.ts";
import type { ProcessEdge } from "../edge.ts";

/** PEM texts of the certificate to serve with and its key. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/**
 * Reads what --tls-cert and --tls-key name; undefined when neither is given.
 *
 * @throws {DevregError} USAGE when one is missing, CONFIG_INVALID when a file cannot be read
 */
export async function readTlsFiles(
  edge: ProcessEdge,
  cert: string | undefined,
  key: string | undefined,
): Promise<TlsFiles | undefined> {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    throw new DevregError("USAGE", "Cannot serve TLS: --tls-cert and --tls-key go together");
  }
  const read = async (path: string, flag: string) => {
    try {
      return await readFile(resolve(edge.cwd, path), "utf8");
    } catch (cause) {
      const why = systemState(cause);
      throw new DevregError("CONFIG_INVALID", `Cannot read ${flag} "${path}": ${why}`, { cause });
    }
  };
  return { cert: await read(cert, "--tls-cert"), key: await read(key, "--tls-key") };
}
