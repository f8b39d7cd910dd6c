import { type Static, Type } from "@sinclair/typebox";
import {
  ARTIFACT_NAME_CHARS,
  ARTIFACT_TYPES,
  ARTIFACTS_PAGE,
  ARTIFACTS_PAGE_MOST,
} from "../../artifact-limits.ts";
import { type ParsedQuery, parseQuery } from "../contract/index.ts";

/** The parameters of GET /artifacts. */
export const ArtifactQuerySchema = Type.Object({
  type: Type.Optional(
    Type.Array(Type.String({ maxLength: 64 }), {
      maxItems: ARTIFACT_TYPES,
      description: "Id of a type, as in helm-chart; repeated, any of them",
    }),
  ),
  scan: Type.Optional(
    Type.Union(
      [Type.Literal("image"), Type.Literal("sbom"), Type.Literal("files"), Type.Literal("none")],
      { description: "What a scanner has to look into" },
    ),
  ),
  name: Type.Optional(
    Type.String({
      maxLength: ARTIFACT_NAME_CHARS,
      description: "Part of the repository, of a tag, of the title, or the beginning of the digest",
    }),
  ),
  n: Type.Optional(
    Type.String({
      pattern: "^(?:[1-9][0-9]{0,2}|1000)$",
      description: `The most artifacts to list, up to ${ARTIFACTS_PAGE_MOST}; ${ARTIFACTS_PAGE} unless told`,
    }),
  ),
  page: Type.Optional(
    Type.String({ pattern: "^[1-9][0-9]{0,5}$", description: "Page of so many, from 1" }),
  ),
});

/** Parameters of a list of artifacts that were found right. */
export type ArtifactQuery = Static<typeof ArtifactQuerySchema>;

const RULES: Readonly<Record<keyof ArtifactQuery, string>> = {
  type: "it should be the id of a type, as in helm-chart",
  scan: "it should be 'image', 'sbom', 'files' or 'none'",
  name: `it should be at most ${ARTIFACT_NAME_CHARS} characters`,
  n: `it should be a number from 1 to ${ARTIFACTS_PAGE_MOST}`,
  page: "it should be a number from 1",
};

/** Reads the parameters of a list of artifacts. */
export function parseArtifactQuery(query: string): ParsedQuery<ArtifactQuery> {
  return parseQuery(ArtifactQuerySchema, query, RULES);
}
