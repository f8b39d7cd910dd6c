import { isImageConfigType } from "../../oci-client/index.ts";
import type { ArtifactType, FindType, TypeFacts } from "../artifact-type.ts";
import { SHIPPED_TYPES, UNKNOWN_TYPE } from "./shipped-types.ts";

const EMPTY_CONFIG = "application/vnd.oci.empty.v1+json";

/**
 * Joins types of one's own with those that devreg knows. Its own come first; one with the id of a
 * type that devreg knows takes its place.
 */
export function joinTypes(own: readonly ArtifactType[]): readonly ArtifactType[] {
  const ids = new Set(own.map(({ id }) => id));
  const rest = [...SHIPPED_TYPES, UNKNOWN_TYPE].filter(({ id }) => !ids.has(id));
  return [...own, ...rest];
}

/**
 * Makes what finds types: by the artifact type, else by the type of the config, which signatures and
 * others give as that of an image and tell apart by their layers. Spec: image-spec v1.1, Guidelines
 * for Artifact Usage.
 */
export function createFindType(types: readonly ArtifactType[]): FindType {
  const unknown = types.find(({ id }) => id === UNKNOWN_TYPE.id) ?? UNKNOWN_TYPE;
  return (facts) =>
    bySaid(types, facts) ?? byLayer(types, facts) ?? byConfig(types, facts) ?? unknown;
}

function bySaid(types: readonly ArtifactType[], { artifactType }: TypeFacts) {
  return artifactType === undefined ? undefined : types.find(goesBy(artifactType));
}

/** Only where nothing else says what it is. */
function byLayer(types: readonly ArtifactType[], facts: TypeFacts): ArtifactType | undefined {
  const { artifactType, configType, firstLayer } = facts;
  const saysNothing =
    configType === undefined || configType === EMPTY_CONFIG || isImageConfigType(configType);
  if (artifactType !== undefined || firstLayer === undefined || !saysNothing) return undefined;
  return types.find(({ layers }) => layers?.some((pattern) => fits(pattern, firstLayer)));
}

function byConfig(types: readonly ArtifactType[], facts: TypeFacts): ArtifactType | undefined {
  const { artifactType, configType = facts.mediaType } = facts;
  if (artifactType !== undefined || configType === undefined) return undefined;
  return types.find(goesBy(configType));
}

function goesBy(name: string): (type: ArtifactType) => boolean {
  return ({ match }) => match.some((pattern) => fits(pattern, name));
}

function fits(pattern: string, name: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}
