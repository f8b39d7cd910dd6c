import { createHash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { STARTER_RECORD_BYTES, STARTERS_REMEMBERED } from "../../../api-limits.ts";
import { ioError, makeFolder, writeFileAtomic } from "../../../atomic-file.ts";
import { utf8 } from "../../../bytes.ts";

const recordSchema = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  commit: z.string().optional(),
});

/** Which archive an address gave last. */
export type StarterRecord = z.infer<typeof recordSchema>;

/** Remembers from one run to the next what addresses gave; what is damaged is not remembered. */
export class StarterRecords {
  readonly #folder: string;
  #left: number;

  private constructor(folder: string, left: number) {
    this.#folder = folder;
    this.#left = left;
  }

  /** Opens the folder, which is made if need be; one that is full begins anew. @throws {DevregError} IO */
  static async open(folder: string): Promise<StarterRecords> {
    await makeFolder(folder);
    try {
      const names = await readdir(folder);
      if (names.length < STARTERS_REMEMBERED) {
        return new StarterRecords(folder, STARTERS_REMEMBERED - names.length);
      }
      for (const name of names) await rm(join(folder, name), { recursive: true, force: true });
      return new StarterRecords(folder, STARTERS_REMEMBERED);
    } catch (error) {
      throw ioError("read", folder, error);
    }
  }

  /** Gives what an address gave last; undefined when that is not known. */
  async recall(address: string): Promise<StarterRecord | undefined> {
    const file = Bun.file(this.#pathOf(address));
    if (!(await file.exists()) || file.size > STARTER_RECORD_BYTES) return undefined;
    return recordSchema.safeParse(parseJson(await file.text())).data;
  }

  /** Remembers what an address gave, unless as many are remembered as may be. @throws {DevregError} IO */
  async record(address: string, record: StarterRecord): Promise<void> {
    if (this.#left === 0) return;
    this.#left -= 1;
    await writeFileAtomic(this.#pathOf(address), utf8(JSON.stringify(record)));
  }

  /** Addresses may hold a password, which is not to lie about. */
  #pathOf(address: string): string {
    const name = createHash("sha256").update(address).digest("hex");
    return join(this.#folder, `${name}.json`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema refuses it.
    return undefined;
  }
}
