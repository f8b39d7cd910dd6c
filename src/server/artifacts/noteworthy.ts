import { ARTIFACT_TEXT_CHARS } from "../../artifact-limits.ts";

const PREFIX = "org.opencontainers.image.";
const KEYS = [
  "title",
  "description",
  "version",
  "created",
  "source",
  "revision",
  "licenses",
  "vendor",
  "url",
  "documentation",
  "authors",
  "base.name",
];

/** Keeps the annotations that say something to people, shortened. Spec: image-spec v1.1, Annotations. */
export function noteworthy(
  annotations: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const kept = KEYS.flatMap((key) => {
    const value = annotations?.[PREFIX + key];
    if (value === undefined || value === "") return [];
    return [[PREFIX + key, value.slice(0, ARTIFACT_TEXT_CHARS).toWellFormed()] as const];
  });
  return Object.fromEntries(kept);
}

/** Gives one of these annotations: "description", "version". */
export function annotationOf(
  { annotations }: { readonly annotations: Readonly<Record<string, string>> },
  key: string,
): string | undefined {
  return annotations[PREFIX + key];
}
