import { type Dirent, lstatSync, readdirSync, realpathSync, type Stats, statSync } from "node:fs";
import { join, sep } from "node:path";
import { systemCode } from "../atomic-file.ts";
import { DevregError, describeError } from "../errors.ts";
import { FOLDER_DEPTH, REPOSITORY_FILES } from "../limits.ts";
import type { Finding, Severity } from "./findings.ts";
import type { SourceFile } from "./stack-source.ts";

/** Where a link is no stack for the Go generator: directly below stacks/. */
const STACK_LEVEL = /^(?:stacks|devfiles)\/[^/]+$/;
/** A name that is no text is read as another one, which names nothing. */
const GONE = "its name is not UTF-8, or it was removed just now";

/**
 * Walks one repository once, following links that stay inside it. Only links are looked up: below a
 * folder whose real path is known, what is no link has a real path that is known, too.
 */
export class FolderWalk {
  readonly files: SourceFile[] = [];
  readonly findings: Finding[] = [];
  readonly #root: string;
  /** A few links lead to any number of folders, so folders count too. */
  #visited = 0;

  /** Takes the real path of the repository. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Visits a file or folder by its name in the repository, which may lack it. */
  visit(name: string): void {
    this.#visit(name, []);
  }

  /** `above` holds the real paths of the folders that led to a path. */
  #visit(path: string, above: readonly string[], entry?: Dirent): void {
    this.#visited += 1;
    if (this.#visited > REPOSITORY_FILES)
      throw tooMany(`over ${REPOSITORY_FILES} files and folders`);
    const parent = above.at(-1);
    try {
      if (entry?.isDirectory() === true) this.#visitFolder(path, `${parent}/${entry.name}`, above);
      else if (entry?.isFile() === true) {
        this.#visitReal(path, lstatSync(`${parent}/${entry.name}`), "", above);
      } else this.#visitLink(path, above, entry);
    } catch (error) {
      if (error instanceof DevregError) throw error;
      this.#addFailure(path, error, entry);
    }
  }

  /** Visits what is a link, or may be one. */
  #visitLink(path: string, above: readonly string[], entry: Dirent | undefined): void {
    // From the folder that it stands in: a path that led through many links would be walked again.
    const real = realpathSync.native(
      entry === undefined ? join(this.#root, path) : `${above.at(-1)}/${entry.name}`,
    );
    if (!isBelow(this.#root, real)) {
      this.#add("error", "link-leaves-repository", path, "the link leaves the repository");
    } else if (entry?.isSymbolicLink() === true && STACK_LEVEL.test(path)) {
      this.#add("warning", "stack-link", path, "a link is not read as a stack");
    } else {
      this.#visitReal(path, statSync(real), real, above);
    }
  }

  #visitReal(path: string, found: Stats, real: string, above: readonly string[]): void {
    if (found.isFile()) {
      const executable = (found.mode & 0o100) !== 0;
      this.files.push({ path, sizeBytes: found.size, executable });
    } else if (found.isDirectory()) {
      this.#visitFolder(path, real, above);
    } else {
      this.#add("error", "unreadable-file", path, "neither a file nor a folder");
    }
  }

  #visitFolder(path: string, real: string, above: readonly string[]): void {
    if (above.includes(real)) {
      this.#add("error", "link-loop", path, "the link leads back to a folder above it");
    } else if (above.length >= FOLDER_DEPTH) {
      throw tooMany(`"${path}" is nested over ${FOLDER_DEPTH} folders deep`);
    } else {
      const below = [...above, real];
      for (const entry of readdirSync(real, { withFileTypes: true })) {
        if (entry.name !== ".git") this.#visit(`${path}/${entry.name}`, below, entry);
      }
    }
  }

  #addFailure(path: string, error: unknown, entry: Dirent | undefined): void {
    if (systemCode(error) === "ELOOP") {
      this.#add("error", "link-loop", path, "the link leads to itself");
    } else if (!isNotThere(error)) {
      this.#add("error", "unreadable-file", path, describeError(error));
    } else if (entry !== undefined) {
      // Without an entry, it is one of the names that a repository may lack.
      if (!entry.isSymbolicLink()) this.#add("error", "unreadable-file", path, GONE);
      else this.#add("warning", "link-dangling", path, "the link leads nowhere and is left out");
    }
  }

  #add(severity: Severity, rule: string, file: string, state: string): void {
    const hint = rule.startsWith("unreadable")
      ? "Make it a file that can be read, or remove it"
      : "Replace the link by the files it stands for";
    this.findings.push({ severity, rule, file, message: `Cannot read "${file}": ${state}`, hint });
  }
}

/** Tells whether a path is a folder or lies below it; both are real paths. */
export function isBelow(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
}

/** Tells whether an error of the file system says that a path does not exist. */
export function isNotThere(error: unknown): boolean {
  const code = systemCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

function tooMany(state: string): DevregError {
  return new DevregError("LIMIT_EXCEEDED", `Cannot list the registry repository: ${state}`);
}
