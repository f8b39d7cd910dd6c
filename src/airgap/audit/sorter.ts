import { DevregError } from "../../errors.ts";
import { compareBytewise } from "../../generator/index.ts";
import { matchesGlob } from "../../glob.ts";
import { formatReference, parseImageReference } from "../../oci-client/index.ts";
import { isLoopback } from "./address.ts";
import type { Audit, AuditedAddress, AuditFinding, AuditKind } from "./audit.ts";
import type { AddressRole } from "./classify.ts";

/** What decides on addresses. */
export interface SorterOptions {
  /** With ports unless those are the default ones. */
  readonly allowed: ReadonlySet<string>;
  /** Globs of stacks and samples, and with a slash of addresses. */
  readonly exclude: readonly string[];
}

/** What an address belongs to: the names of a stack or sample, "go" and "go@2.0.0". */
export type Names = readonly string[];

type Role = AddressRole | "possible";

const OFFLINE = "Make the build with --offline and --public-url, or allow its host";
const HINTS: Readonly<Record<AuditKind, string>> = {
  image: "Mirror it and let devfiles name the mirror, or allow its host",
  starter: OFFLINE,
  parent: OFFLINE,
  icon: OFFLINE,
  component: OFFLINE,
  document: OFFLINE,
  "index-link": "Make it a path of the registry, or allow its host",
};

/** Takes addresses one by one, and puts each where it belongs. */
export class AddressSorter {
  readonly #options: SorterOptions;
  readonly #findings: AuditFinding[] = [];
  readonly #lists: Record<"possible" | "clientSideGit" | "excluded" | "others", AuditedAddress[]> =
    {
      possible: [],
      clientSideGit: [],
      excluded: [],
      others: [],
    };
  #links = 0;
  #inside = 0;

  constructor(options: SorterOptions) {
    this.#options = options;
  }

  /** Puts an address among the others of its role. */
  add(address: AuditedAddress, role: Role, names: Names): void {
    if (role === "origin") return;
    if (role === "link") this.#links += 1;
    else if (this.#options.allowed.has(address.host)) this.#inside += 1;
    else if (role === undefined && isLoopback(address.host)) this.#inside += 1;
    else if (this.#isExcluded(address, role, names)) this.#lists.excluded.push(address);
    else if (role === undefined) this.#lists.others.push(address);
    else if (role === "possible") this.#lists.possible.push(address);
    else if (role === "git") this.#lists.clientSideGit.push(address);
    else this.#findings.push({ ...address, kind: role, hint: HINTS[role] });
  }

  /** Gives what was added. */
  result(): Omit<Audit, "mirrored" | "unread" | "notes"> {
    const { possible, clientSideGit, excluded, others } = this.#lists;
    return {
      allowed: [...this.#options.allowed].sort(compareBytewise),
      findings: this.#findings.sort(compareAddresses),
      possible: possible.sort(compareAddresses),
      clientSideGit: clientSideGit.sort(compareAddresses),
      excluded: excluded.sort(compareAddresses),
      others: others.sort(compareAddresses),
      links: this.#links,
      inside: this.#inside,
    };
  }

  #isExcluded({ text, host }: AuditedAddress, role: Role, names: Names): boolean {
    const images = role === "image" || role === "possible" ? imageNames(text) : [];
    return this.#options.exclude.some((pattern) =>
      (pattern.includes("/") ? [text, `${host}/`, ...images] : names).some((word) =>
        matchesGlob(pattern, word),
      ),
    );
  }
}

/** Gives the names by which an image is left out of a mirror: its full one, and its repository. */
function imageNames(text: string): readonly string[] {
  try {
    const reference = parseImageReference(text);
    return [formatReference(reference), `${reference.registry}/${reference.repository}`];
  } catch (error) {
    // A variable in the name: it is known by its text alone.
    if (error instanceof DevregError) return [];
    throw error;
  }
}

function compareAddresses(a: AuditedAddress, b: AuditedAddress): number {
  return (
    compareBytewise(a.file, b.file) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    compareBytewise(a.pointer, b.pointer) ||
    compareBytewise(a.text, b.text)
  );
}
