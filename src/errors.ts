/** Every way an operation of devreg can fail, as a closed set that exit codes and replies map from. */
export type ErrorCode =
  | "USAGE"
  | "CONFIG_INVALID"
  | "INPUT_INVALID"
  | "NOT_FOUND"
  | "DIGEST_MISMATCH"
  | "SIZE_MISMATCH"
  | "LIMIT_EXCEEDED"
  | "UNAUTHORIZED"
  | "REGISTRY_RESPONSE"
  | "NETWORK"
  | "TIMEOUT"
  | "ABORTED"
  | "IO"
  | "BUNDLE_INVALID"
  | "UNSUPPORTED";

/** What an error carries beside its code and message. */
export interface ErrorDetail {
  /** What the reader can do about it, one sentence without a full stop. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * Reports a failure that devreg understands. The message reads "Cannot <verb> <object>: state",
 * with values quoted and no full stop.
 */
export class DevregError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? {} : { cause: detail.cause });
    this.name = "DevregError";
    this.code = code;
    this.hint = detail.hint;
  }
}

/** One entry of an OCI error envelope. Spec: distribution-spec v1.1, Error Codes. */
export interface OciErrorEntry {
  readonly code: string;
  readonly message: string;
}

/** Says what a registry answered and to which request. */
export interface RegistryExchange {
  readonly method: string;
  /** Without user information and query secrets. */
  readonly url: string;
  readonly status: number;
  readonly errors: readonly OciErrorEntry[];
}

/** Reports an answer of a registry that ends an operation. */
export class RegistryResponseError extends DevregError {
  readonly exchange: RegistryExchange;

  constructor(code: ErrorCode, message: string, exchange: RegistryExchange, detail?: ErrorDetail) {
    super(code, message, detail);
    this.exchange = exchange;
  }
}

/** Names one thing that is wrong in an input file. Lines and columns count from 1. */
export interface InputIssue {
  /** The registry repository that the file is in, where there are several. */
  readonly source?: string;
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** Path inside the document: "metadata.name", "versions[1].default". */
  readonly path?: string;
  readonly message: string;
  readonly hint?: string;
}

/** Reports everything found wrong in the input, sorted by file and position. */
export class InputError extends DevregError {
  readonly issues: readonly InputIssue[];

  constructor(message: string, issues: readonly InputIssue[], detail?: ErrorDetail) {
    super("INPUT_INVALID", message, detail);
    this.issues = [...issues].sort(compareIssues);
  }
}

/** Orders issues by source, file, line, column and message. */
export function compareIssues(a: InputIssue, b: InputIssue): number {
  return (
    compareText(a.source ?? "", b.source ?? "") ||
    compareText(a.file, b.file) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compareText(a.message, b.message)
  );
}

/**
 * Renders an issue as `source: file:line:column: path: message`, leaving out what is not known.
 */
export function formatIssue(issue: InputIssue): string {
  const position = issue.line === undefined ? "" : `:${issue.line}:${issue.column ?? 1}`;
  const path = issue.path === undefined || issue.path === "" ? "" : `${issue.path}: `;
  const source = issue.source === undefined ? "" : `${issue.source}: `;
  return `${source}${issue.file}${position}: ${path}${issue.message}`;
}

/**
 * Says in one line what went wrong: the message of an error or, when it has none, its code or what
 * its cause says.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const seen = new Set<Error>();
  for (let one = error; !seen.has(one); ) {
    seen.add(one);
    if (one.message !== "") return one.message;
    if ("code" in one && typeof one.code === "string") return one.code;
    // A connection that was tried at several addresses fails with a list and says nothing itself.
    const [deeper = one.cause] = one instanceof AggregateError ? one.errors : [];
    if (deeper instanceof Error) one = deeper;
  }
  return error.name;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
