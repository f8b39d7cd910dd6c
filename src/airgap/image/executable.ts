import { open } from "node:fs/promises";
import { ioError, systemCode } from "../../atomic-file.ts";
import type { ByteStream, Content } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { FILE_CHUNK_BYTES } from "../../limits.ts";
import { EXECUTABLE_BYTES } from "../../mirror-limits.ts";
import { type Platform, platformName } from "../../oci-client/index.ts";

/** The devreg executable of one platform. */
export interface Executable {
  readonly content: Content;
  /** In bytes. */
  readonly size: number;
}

/** Executables by platform: "linux/amd64", or with a variant. */
export type Executables = ReadonlyMap<string, Executable>;

/**
 * Opens the executable of a platform for as many readings as it takes, after a look at its header.
 *
 * @throws {DevregError} NOT_FOUND; INPUT_INVALID when it is for another machine or no executable;
 *   LIMIT_EXCEEDED; IO
 */
export async function openExecutable(path: string, platform: Platform): Promise<Executable> {
  const { size, head } = await readHead(path);
  if (size > EXECUTABLE_BYTES) {
    throw new DevregError("LIMIT_EXCEEDED", `Cannot use "${path}": over ${EXECUTABLE_BYTES} bytes`);
  }
  const fault = faultOf(head, platform);
  if (fault !== undefined) {
    throw new DevregError(
      "INPUT_INVALID",
      `Cannot use "${path}" on ${platformName(platform)}: ${fault}`,
      {
        hint: `Name the devreg executable that was built for ${platformName(platform)}`,
      },
    );
  }
  return { size, content: () => readFile(path) };
}

/** Enough of an ELF file to tell its machine. */
const HEAD_BYTES = 20;
const ELF_MAGIC = "\u007fELF";
const MACHINE_OFFSET = 18;
/** Numbers of the machines in ELF headers. */
const MACHINES: Readonly<Record<string, number>> = {
  "386": 3,
  ppc64le: 21,
  s390x: 22,
  arm: 40,
  amd64: 62,
  arm64: 183,
  riscv64: 243,
};

async function readHead(path: string): Promise<{ size: number; head: Buffer }> {
  try {
    await using file = await open(path, "r");
    const stats = await file.stat();
    if (!stats.isFile()) throw new DevregError("INPUT_INVALID", `Cannot use "${path}": no file`);
    const head = Buffer.alloc(HEAD_BYTES);
    await file.read(head, 0, HEAD_BYTES, 0);
    return { size: stats.size, head };
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw ioError("read", path, error);
    throw new DevregError("NOT_FOUND", `Cannot use "${path}": there is no such file`);
  }
}

/** Says why a file cannot run on a platform; undefined when nothing speaks against it. */
function faultOf(head: Buffer, { os, architecture }: Platform): string | undefined {
  if (os !== "linux") return undefined;
  if (head.toString("latin1", 0, ELF_MAGIC.length) !== ELF_MAGIC)
    return "it is no Linux executable";
  const bigEndian = head.readUInt8(5) === 2;
  const machine = bigEndian ? head.readUInt16BE(MACHINE_OFFSET) : head.readUInt16LE(MACHINE_OFFSET);
  const wanted = MACHINES[architecture];
  if (wanted === undefined || wanted === machine) return undefined;
  const found = Object.entries(MACHINES).find(([, number]) => number === machine)?.[0];
  return `it is for ${found === undefined ? `machine ${machine}` : `linux/${found}`}`;
}

async function* readFile(path: string): ByteStream {
  const file = await open(path, "r").catch((error: unknown) => {
    throw ioError("open", path, error);
  });
  try {
    for (;;) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(FILE_CHUNK_BYTES));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw ioError("read", path, error);
  } finally {
    await file.close();
  }
}
