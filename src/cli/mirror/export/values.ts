import { z } from "zod";
import type { ExportFormat } from "../../../airgap/index.ts";

// Listed here, too, so that help need not load what writes them.
const EXPORT_FORMATS = [
  "idms",
  "itms",
  "registries-conf",
  "containerd-hosts",
  "mapping",
  "clients",
] satisfies readonly ExportFormat[];

/** Formats of an export, separated by commas. */
export const exportFormats = z.string().transform((raw, context): readonly ExportFormat[] => {
  const named = raw.split(",").map((word) => word.trim());
  const known = named.flatMap((word) => EXPORT_FORMATS.find((format) => format === word) ?? []);
  if (known.length === named.length) return known;
  const unknown = named.find((word) => !EXPORT_FORMATS.some((format) => format === word));
  context.addIssue({
    code: "custom",
    message: `"${unknown}" is none of ${EXPORT_FORMATS.join(", ")}`,
  });
  return z.NEVER;
});

/** The name of an object in a cluster. Spec: RFC 1123 labels, as Kubernetes asks for them. */
export const objectName = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,51}[a-z0-9])?$/, {
  error: ({ input }) => `"${input}" is no name of letters in lower case, digits and dashes`,
});
