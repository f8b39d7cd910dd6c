import { formatImage } from "../../oci-client/index.ts";

/** The images that a devfile builds itself, which no registry has. */
export class BuildOutputs {
  readonly #written: ReadonlySet<string>;
  readonly #full: ReadonlySet<string>;
  /** Names without a host, of those written with one and of those without. */
  readonly #paths: { readonly hosted: ReadonlySet<string>; readonly bare: ReadonlySet<string> };

  /** @param names the values of `imageName`, variables expanded */
  constructor(names: readonly string[]) {
    this.#written = new Set(names);
    this.#full = new Set(names.flatMap((name) => fullName(name) ?? []));
    const paths = names.map(withoutHost);
    this.#paths = {
      hosted: new Set(paths.filter(({ isHosted }) => isHosted).map(({ path }) => path)),
      bare: new Set(paths.filter(({ isHosted }) => !isHosted).map(({ path }) => path)),
    };
  }

  /**
   * Tells whether a reference means one of them: it is written so or has the same full name, or one
   * of both leaves out the registry and the rest is the same.
   */
  has(image: string): boolean {
    const full = fullName(image);
    if (this.#written.has(image) || (full !== undefined && this.#full.has(full))) return true;
    const { path, isHosted } = withoutHost(image);
    return this.#paths.bare.has(path) || (!isHosted && this.#paths.hosted.has(path));
  }
}

function fullName(image: string): string | undefined {
  try {
    return formatImage(image);
  } catch {
    // What is no reference can still be equal as it is written.
    return undefined;
  }
}

function withoutHost(image: string): { readonly path: string; readonly isHosted: boolean } {
  const slash = image.indexOf("/");
  const host = slash < 0 ? "" : image.slice(0, slash);
  const isHosted = /[.:]/.test(host) || host === "localhost";
  const path = isHosted ? image.slice(slash + 1) : image;
  const isTagged = /[:@]/.test(path.slice(path.lastIndexOf("/") + 1)) || path.includes("@");
  return { path: isTagged ? path : `${path}:latest`, isHosted };
}
