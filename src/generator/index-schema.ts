import { type Static, Type } from "@sinclair/typebox";

const Texts = Type.Array(Type.String());
const TextMap = Type.Record(Type.String(), Type.String());
const FlagMap = Type.Record(Type.String(), Type.Boolean());

/** Where a sample's (or a version's) project lives. Field order is the Go generator's. */
export const GitSchema = Type.Object({
  remotes: Type.Optional(TextMap),
  url: Type.Optional(Type.String()),
  remoteName: Type.Optional(Type.String()),
  subDir: Type.Optional(Type.String()),
  revision: Type.Optional(Type.String()),
});

/** One version of a stack or sample in the published index. */
export const IndexVersionSchema = Type.Object({
  version: Type.Optional(Type.String()),
  schemaVersion: Type.Optional(Type.String()),
  default: Type.Optional(Type.Boolean()),
  git: Type.Optional(GitSchema),
  description: Type.Optional(Type.String()),
  tags: Type.Optional(Texts),
  architectures: Type.Optional(Texts),
  icon: Type.Optional(Type.String()),
  links: Type.Optional(TextMap),
  commandGroups: Type.Optional(FlagMap),
  deploymentScopes: Type.Optional(FlagMap),
  resources: Type.Optional(Texts),
  starterProjects: Type.Optional(Texts),
  lastModified: Type.Optional(Type.String()),
});

/** One stack or sample in the published index. Field order is the Go generator's. */
export const IndexEntrySchema = Type.Object({
  name: Type.String(),
  version: Type.Optional(Type.String()),
  attributes: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  displayName: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  type: Type.Optional(Type.String()),
  tags: Type.Optional(Texts),
  architectures: Type.Optional(Texts),
  icon: Type.Optional(Type.String()),
  globalMemoryLimit: Type.Optional(Type.String()),
  projectType: Type.Optional(Type.String()),
  language: Type.Optional(Type.String()),
  links: Type.Optional(TextMap),
  commandGroups: Type.Optional(FlagMap),
  deploymentScopes: Type.Optional(FlagMap),
  resources: Type.Optional(Texts),
  starterProjects: Type.Optional(Texts),
  git: Type.Optional(GitSchema),
  provider: Type.Optional(Type.String()),
  supportUrl: Type.Optional(Type.String()),
  versions: Type.Optional(Type.Array(IndexVersionSchema)),
  lastModified: Type.Optional(Type.String()),
});

/** The published index.json: stacks, then extra entries, in the order of the generated file. */
export const RegistryIndexSchema = Type.Array(IndexEntrySchema);

/** Static type of {@link GitSchema}. */
export type Git = Static<typeof GitSchema>;
/** Static type of {@link IndexVersionSchema}. */
export type IndexVersion = Static<typeof IndexVersionSchema>;
/** Static type of {@link IndexEntrySchema}. */
export type IndexEntry = Static<typeof IndexEntrySchema>;
/** Static type of {@link RegistryIndexSchema}. */
export type RegistryIndex = readonly IndexEntry[];
