import type { ByteStream, Content } from "../bytes.ts";
import type { FetchOptions } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import type { LayoutIndex } from "./layout-index.ts";

/** Reads the content of an image layout by digest, whichever repository it belongs to. */
export interface ReadonlyContentPool {
  /** Gives the size in bytes of stored content; undefined when it is not there. */
  sizeOf(digest: Digest): Promise<number | undefined>;
  /** Tells whether content is stored in its full size. */
  holds(target: Descriptor): Promise<boolean>;
  /** Opens stored content; undefined when it is not there. Nothing is verified. */
  read(digest: Digest, options?: FetchOptions): Promise<ByteStream | undefined>;
}

/** Reads and writes the content of an image layout. */
export interface ContentPool extends ReadonlyContentPool {
  /**
   * Stores content unless it is there in full. Several writers of the same content wait for the
   * first.
   *
   * @throws {DevregError} SIZE_MISMATCH, DIGEST_MISMATCH, IO
   */
  write(expected: Descriptor, content: Content): Promise<void>;
}

/** Reads the roots of an image layout: its index.json. */
export interface ReadonlyRootIndex {
  read(): Promise<LayoutIndex>;
}

/** A change of the roots; gives its argument back when there is nothing to change. */
export type LayoutEdit = (index: LayoutIndex) => LayoutIndex;

/** Reads and changes the roots of an image layout. */
export interface RootIndex extends ReadonlyRootIndex {
  /** Changes the roots; done when the change is kept. */
  edit(edit: LayoutEdit): Promise<void>;
}

/** A file beside the content of an image layout. */
export interface LayoutFile {
  /** Without slashes: a file of the top level. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
}

/**
 * Reads the files that stand beside oci-layout, index.json and blobs. Folders, and what is in them,
 * are not looked at.
 */
export interface LayoutFiles {
  /** Lists them, sorted by name. */
  list(): Promise<readonly LayoutFile[]>;
  /** Gives the file of that name; undefined when there is none. */
  stat(name: string): Promise<LayoutFile | undefined>;
  /** Opens a file; undefined when there is none. Nothing is verified. */
  open(name: string, options?: FetchOptions): Promise<ByteStream | undefined>;
}
