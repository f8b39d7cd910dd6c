import { formatBytes } from "../../bytes.ts";
import { describeError } from "../../errors.ts";
import type { PublishReport } from "../../generator/index.ts";
import { escapeUnsafe, redactText } from "../../log.ts";
import type { RegistryLocation } from "../../oci-client/index.ts";

/** Renders what bootstrap did, as text or JSON, with its last line end. */
export function renderPublishReport(
  report: PublishReport,
  location: RegistryLocation,
  format: "text" | "json",
): string {
  const target =
    location.prefix === "" ? location.registry : `${location.registry}/${location.prefix}`;
  const failures = [...report.failures, ...report.rejected].map(({ repository, tag, error }) => ({
    name: `${repository}:${tag}`,
    error: redactText(describeError(error)),
  }));
  if (format === "json") {
    const { pushed, unchanged, bytes, digests, index } = report;
    return `${JSON.stringify({ registry: target, pushed, unchanged, bytes, digests, index, failures }, null, 2)}\n`;
  }
  return `${[
    ...failures.map(({ name, error }) => `failed: ${name}: ${error}`),
    `${report.pushed} pushed (${formatBytes(report.bytes)}), ${report.unchanged} unchanged, ` +
      `${failures.length} failed at ${target}`,
    `index: ${report.index === "kept-back" ? "kept back, it would name what is missing" : report.index}`,
  ]
    .map(escapeUnsafe)
    .join("\n")}\n`;
}
