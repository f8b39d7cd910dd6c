import type { Content } from "../bytes.ts";
import type { Registry } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import type { LayoutFile, LayoutFiles } from "./layout-ports.ts";
import type { LayoutRepository } from "./layout-repository.ts";

/** A file that comes before everything else in a tar. */
export interface TarHeadFile extends LayoutFile {
  /** Of exactly `size` bytes. Executable by its mode means 0755 in the tar, all else 0644. */
  readonly content: Content;
}

/** Where a tar goes. A stream takes each chunk before it is given the next. */
export type TarTarget =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "stream"; readonly write: (chunk: Uint8Array) => Promise<void> };

/** How an image layout is written as one tar. */
export interface TarLayoutOptions {
  /**
   * Content in the order in which it is to stand in the tar; put children before what names them.
   * Content that is pushed without being planned follows, sorted by digest.
   */
  readonly planned: readonly Descriptor[];
  readonly head: readonly TarHeadFile[];
  /** A folder of its own for content that is pushed before its turn; made when absent. */
  readonly spoolFolder: string;
  /**
   * How many bytes may wait in the spool folder before pushes wait, too; what the order lets through
   * next, and what nobody planned, never waits. Exceeded when else nothing would go on.
   */
  readonly spoolBytes?: number;
  readonly output: TarTarget;
  readonly signal?: AbortSignal;
}

/** What a tar came to. */
export interface TarLayoutResult {
  /** Size of the tar in bytes. */
  readonly bytes: number;
  /** Blobs and manifests in it. */
  readonly blobs: number;
}

/**
 * An image layout that is written as one tar while content is pushed. The same content and plan give
 * the same bytes, whatever the order and timing of the pushes.
 */
export interface TarLayoutWriter extends Registry {
  repository(name: string): LayoutRepository;
  /** What stands beside the content: the head files. */
  readonly files: LayoutFiles;
  /** How much of an unfinished file was found right and kept. */
  readonly resumed: TarLayoutResult;
  /** Says that planned content will never come, so that what follows it can be written. */
  skip(target: Descriptor): void;
  /**
   * Writes what is left, the roots and the end; a file is then on the disk under its name.
   *
   * @throws {DevregError} IO, ABORTED, and whatever broke the writing before
   */
  finish(): Promise<TarLayoutResult>;
  /** Ends the writing; an unfinished file and the spool stay for the next run. */
  abort(): Promise<void>;
}
