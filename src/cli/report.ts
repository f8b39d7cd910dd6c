import {
  DevregError,
  type ErrorCode,
  formatIssue,
  InputError,
  RegistryResponseError,
} from "../errors.ts";
import type { Finding } from "../generator/index.ts";
import { escapeUnsafe, redactText } from "../log.ts";

/** The exit codes of every command. */
export const EXIT = {
  done: 0,
  usage: 1,
  failed: 2,
  mismatch: 3,
  denied: 4,
  unreachable: 5,
  differences: 6,
  interrupted: 130,
} as const;

const BY_CODE: Readonly<Record<ErrorCode, number>> = {
  USAGE: EXIT.usage,
  CONFIG_INVALID: EXIT.usage,
  INPUT_INVALID: EXIT.usage,
  NOT_FOUND: EXIT.usage,
  DIGEST_MISMATCH: EXIT.mismatch,
  SIZE_MISMATCH: EXIT.mismatch,
  BUNDLE_INVALID: EXIT.mismatch,
  LIMIT_EXCEEDED: EXIT.failed,
  UNSUPPORTED: EXIT.failed,
  IO: EXIT.failed,
  REGISTRY_RESPONSE: EXIT.failed,
  UNAUTHORIZED: EXIT.denied,
  NETWORK: EXIT.unreachable,
  TIMEOUT: EXIT.unreachable,
  ABORTED: EXIT.interrupted,
};

/** Reports registry repositories that cannot be published, with every finding. */
export class InputRefused extends InputError {
  constructor(names: readonly string[], findings: readonly Finding[]) {
    const errors = findings.filter(({ severity }) => severity === "error");
    const count = `${errors.length} error${errors.length === 1 ? "" : "s"}`;
    const noun = names.length === 1 ? "registry repository" : "registry repositories";
    const shown = names.map((name) => `"${name}"`).join(", ");
    super(`Cannot use ${noun} ${shown}: ${count}`, errors, {
      hint: "Mend them, or use --force to publish what is valid",
    });
  }
}

/** Gives the exit code of a command that ended with this error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof RegistryResponseError && error.code === "REGISTRY_RESPONSE") {
    const { status } = error.exchange;
    return status >= 500 || status === 429 ? EXIT.unreachable : EXIT.failed;
  }
  if (error instanceof InputRefused) return EXIT.failed;
  if (error instanceof DevregError) return BY_CODE[error.code];
  return EXIT.failed;
}

/** Renders an error for people: Error, its details, its causes' reasons, Hint. */
export function renderError(error: unknown): string {
  if (!(error instanceof DevregError)) return renderUnexpected(error);
  const lines = [`Error: ${error.message}`];
  for (const issue of error instanceof InputError ? error.issues : []) {
    lines.push(`  ${formatIssue(issue)}`);
    if (issue.hint !== undefined) lines.push(`    hint: ${issue.hint}`);
  }
  if (error instanceof RegistryResponseError) {
    const { method, url, status, errors } = error.exchange;
    lines.push(`  ${method} ${url} answered ${status}`);
    lines.push(...errors.map(({ code, message }) => `  ${code}: ${message}`));
  }
  const hint = error.hint ?? (error.code === "ABORTED" ? "It is safe to run it again" : undefined);
  if (hint !== undefined) lines.push(`Hint: ${hint}`);
  return redactText(lines.map(escapeUnsafe).join("\n"));
}

function renderUnexpected(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return redactText(`Error: unexpected failure: ${text}`);
}
