/** What a client follows an address for. */
export type AuditKind =
  | "image"
  | "starter"
  | "parent"
  | "icon"
  | "component"
  | "document"
  | "index-link";

/** An address, and where it stands. */
export interface AuditedAddress {
  /** Path in the build: "stacks/go/2.0.0/devfile.yaml", "index.json". */
  readonly file: string;
  /** JSON pointer in a YAML or JSON document; in other files "line:3". */
  readonly pointer: string;
  /** Counts from 1; absent where it is not known. */
  readonly line?: number;
  readonly text: string;
  /** With its port, unless that is the default one; empty where it cannot be told. */
  readonly host: string;
}

/** A reference that a client follows out of the allowed hosts. */
export interface AuditFinding extends AuditedAddress {
  readonly kind: AuditKind;
  /** What can be done about it, one sentence without a full stop. */
  readonly hint: string;
}

/** Where the references of a build lead. Lists are sorted by file and place. */
export interface Audit {
  /** Sorted. */
  readonly allowed: readonly string[];
  readonly findings: readonly AuditFinding[];
  /** Words that look like images outside; nothing says that they are. */
  readonly possible: readonly AuditedAddress[];
  /** Repositories of samples outside, which clients clone by themselves. */
  readonly clientSideGit: readonly AuditedAddress[];
  /** What was left out on purpose. */
  readonly excluded: readonly AuditedAddress[];
  /** Addresses outside that stand where nothing tells what follows them. */
  readonly others: readonly AuditedAddress[];
  /** How many addresses people follow: web sites, support, addresses in descriptions. */
  readonly links: number;
  /** How many references stay within the allowed hosts. */
  readonly inside: number;
  /** How many images of a bundle are renamed when it is loaded. */
  readonly mirrored: number;
  /** Files whose text was not looked through: archives, pictures, what is too large. */
  readonly unread: readonly string[];
  /** What could not be looked into, in words. */
  readonly notes: readonly string[];
}
