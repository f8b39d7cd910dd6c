import type { Verification } from "../../../airgap/index.ts";
import { formatBytes } from "../../../bytes.ts";
import { counted } from "../../../counted.ts";
import { describeError } from "../../../errors.ts";
import { escapeUnsafe, redactText } from "../../../log.ts";
import { EXIT, exitCodeOf } from "../../report.ts";
import { redacted } from "../render.ts";

/** Renders what verifying found, as text or JSON, with its last line end; a hint goes with problems. */
export function renderVerification(
  { level, checked, problems }: Verification,
  shown: string,
  format: "text" | "json",
  hint: string,
): string {
  if (format === "json") {
    const told = problems.map(({ error, ...problem }) => ({
      ...problem,
      ...(error === undefined ? {} : { error: redactText(describeError(error)) }),
    }));
    return `${JSON.stringify({ verified: shown, level, checked, problems: told }, redacted, 2)}\n`;
  }
  const { images, artifacts, manifests, blobs, bytes } = checked;
  const looked = [
    counted(images, "image"),
    counted(artifacts, "artifact"),
    ...(level === "tag" ? [] : [counted(manifests, "manifest"), counted(blobs, "blob")]),
    ...(level === "blob" ? [`${formatBytes(bytes)} hashed`] : []),
  ];
  const lines = [
    ...problems.map(({ what, problem }) => `${what}: ${redactText(problem)}`),
    `${looked.join(", ")} at ${shown}: ${counted(problems.length, "problem")}`,
    ...(problems.length === 0 ? [] : [`Hint: ${hint}`]),
  ];
  return `${lines.map(escapeUnsafe).join("\n")}\n`;
}

/** What is wrong with content tells the most, but a refusal has to be mended first. */
export function exitCodeOfVerification({ problems }: Verification): number {
  if (problems.length === 0) return EXIT.done;
  const codes = problems.map(({ error }) =>
    error === undefined ? EXIT.mismatch : exitCodeOf(error),
  );
  if (codes.includes(EXIT.denied)) return EXIT.denied;
  return codes.every((code) => code === EXIT.unreachable) ? EXIT.unreachable : EXIT.mismatch;
}
