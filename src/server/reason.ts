import { DevregError, describeError, type ErrorCode } from "../errors.ts";

/** Part of serving that can be in trouble while the rest goes on. */
export type Part = "source" | "registry" | "follow" | "data";

/** What can be wrong, as far as strangers may know. */
export const TROUBLE_KINDS = [
  "waiting",
  "unreachable",
  "refused",
  "missing",
  "broken",
  "older",
  "incomplete",
  "failed",
] as const;

/** One of {@link TROUBLE_KINDS}. */
export type TroubleKind = (typeof TROUBLE_KINDS)[number];

/** What is wrong with something. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** For operators: it may name hosts, files and addresses. */
  readonly detail: string;
}

/** What keeps the server from being at its best. */
export interface Reason extends Trouble {
  readonly part: Part;
}

const KIND_WORDS: Readonly<Record<TroubleKind, string>> = {
  waiting: "not asked yet",
  unreachable: "unreachable",
  refused: "refused",
  missing: "something is missing there",
  broken: "its content is broken",
  older: "it is older than what is served",
  incomplete: "not everything arrived there",
  failed: "failed",
};

const KINDS: Readonly<Partial<Record<ErrorCode, TroubleKind>>> = {
  NETWORK: "unreachable",
  TIMEOUT: "unreachable",
  UNAUTHORIZED: "refused",
  REGISTRY_RESPONSE: "refused",
  NOT_FOUND: "missing",
  INPUT_INVALID: "broken",
  BUNDLE_INVALID: "broken",
  DIGEST_MISMATCH: "broken",
  SIZE_MISMATCH: "broken",
  LIMIT_EXCEEDED: "broken",
  UNSUPPORTED: "broken",
};

/** Tells what is wrong after a failure. */
export function troubleOf(error: unknown): Trouble {
  const code = error instanceof DevregError ? error.code : undefined;
  return { kind: (code && KINDS[code]) ?? "failed", detail: describeError(error) };
}

/** Says in plain words what is wrong, and names nothing. */
export function describeKind(kind: TroubleKind): string {
  return KIND_WORDS[kind];
}

/** Says what is wrong with a part: "source: unreachable", or with all that is known of it. */
export function describeReason({ part, ...trouble }: Reason, withDetails: boolean): string {
  return `${part}: ${describeTrouble(trouble, withDetails)}`;
}

/** Says what is wrong: "unreachable", or all that is known of it. */
export function describeTrouble({ kind, detail }: Trouble, withDetails: boolean): string {
  return withDetails ? detail : describeKind(kind);
}
