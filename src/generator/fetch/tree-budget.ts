import { DevregError } from "../../errors.ts";
import { PROJECT_BYTES, PROJECT_FILE_BYTES, PROJECT_FILES } from "../../limits.ts";

/** Counts what a tree holds while it is read, submodules included. */
export class TreeBudget {
  readonly #limitBytes: number;
  #files = 0;
  #folders = 0;
  #bytes = 0;

  constructor(limitBytes = PROJECT_BYTES) {
    this.#limitBytes = limitBytes;
  }

  /** Counts a file or link before or after it was read. @throws {DevregError} LIMIT_EXCEEDED */
  addFile(path: string, bytes: number): void {
    this.#files += 1;
    this.#bytes += bytes;
    if (bytes > PROJECT_FILE_BYTES) {
      throw tooLarge(`"${path}" is over ${PROJECT_FILE_BYTES} bytes`);
    }
    if (this.#files > PROJECT_FILES) throw tooLarge(`it has over ${PROJECT_FILES} files`);
    if (this.#bytes > this.#limitBytes) {
      throw tooLarge(`its files hold over ${this.#limitBytes} bytes`);
    }
  }

  /** Counts a folder; a small tree may name the same folder without end. */
  addFolder(): void {
    this.#folders += 1;
    if (this.#folders > PROJECT_FILES) throw tooLarge(`it has over ${PROJECT_FILES} folders`);
  }
}

function tooLarge(state: string): DevregError {
  return new DevregError("LIMIT_EXCEEDED", `Cannot fetch the project: ${state}`, {
    hint: "Point to a smaller project, or to a folder of it with subDir",
  });
}
