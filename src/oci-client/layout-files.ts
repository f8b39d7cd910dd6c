import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { ioError, systemCode } from "../atomic-file.ts";
import type { ByteStream } from "../bytes.ts";
import { eachBounded } from "../concurrent.ts";
import { DevregError } from "../errors.ts";
import { FILE_CONCURRENCY } from "../limits.ts";
import { LAYOUT_FILES } from "../mirror-limits.ts";
import type { FetchOptions } from "./content.ts";
import { isLayoutFileName } from "./layout-marker.ts";
import type { LayoutFile, LayoutFiles } from "./layout-ports.ts";
import { rangeOf, readFileRange } from "./layout-range.ts";

const MODE_BITS = 0o777;

/** The files beside the content of an image layout in a folder; links count as absent. */
export class FolderFiles implements LayoutFiles {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async list(): Promise<readonly LayoutFile[]> {
    const names = (await this.#names()).filter(isLayoutFileName).sort();
    if (names.length > LAYOUT_FILES) throw tooManyFiles(this.#root);
    const files = await eachBounded(names, FILE_CONCURRENCY, (name) => this.stat(name));
    return files.filter((file) => file !== undefined);
  }

  async stat(name: string): Promise<LayoutFile | undefined> {
    if (!isLayoutFileName(name)) return undefined;
    const path = join(this.#root, name);
    try {
      const entry = await lstat(path);
      return entry.isFile() ? { name, size: entry.size, mode: entry.mode & MODE_BITS } : undefined;
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw ioError("look at", path, error);
    }
  }

  async open(name: string, options: FetchOptions = {}): Promise<ByteStream | undefined> {
    const file = await this.stat(name);
    if (file === undefined) return undefined;
    return readFileRange(join(this.#root, name), rangeOf(file.size, options), options.signal);
  }

  async #names(): Promise<string[]> {
    try {
      return await readdir(this.#root);
    } catch (error) {
      throw ioError("read", this.#root, error);
    }
  }
}

/** Makes the error of a layout with more files beside its content than devreg takes. */
export function tooManyFiles(layout: string): DevregError {
  return new DevregError(
    "LIMIT_EXCEEDED",
    `Cannot read image layout "${layout}": over ${LAYOUT_FILES} files beside its content`,
  );
}
