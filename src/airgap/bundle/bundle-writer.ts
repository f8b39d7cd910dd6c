import type { Descriptor, Digest, Registry } from "../../oci-client/index.ts";

/** A bundle that is being written, whatever its medium. */
export interface BundleWriter {
  /** Takes the content; names are those of the sources. */
  readonly registry: Registry;
  /** Of the executable beside the layout, where there is one. */
  readonly executable: Digest | undefined;
  /** Says that content which was planned will not come. */
  skip(content: Iterable<Descriptor>): void;
  /**
   * Makes the bundle whole: it is there under its name from now on, with what an earlier one held
   * taken away.
   *
   * @param names the roots of the bundle, as its layout names them
   */
  finish(names: ReadonlySet<string>): Promise<void>;
  /** Gives up; what was written stays for the next run to go on from. */
  abort(): Promise<void>;
}
