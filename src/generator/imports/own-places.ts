import type { Devfile } from "../devfile-yaml.ts";
import type { RegistryPlace } from "../own-devfiles.ts";
import { indexVersion, type ParsedFile, type Repository } from "../repository.ts";

/** A devfile of a registry repository, as others refer to it. */
export interface OwnPlace extends RegistryPlace {
  readonly devfile: ParsedFile<Devfile> | undefined;
}

/** Gives what a repository has that others can refer to, under the names the index will have. */
export function ownPlaces({ stacks, extras }: Repository): OwnPlace[] {
  const ofStacks = stacks.flatMap(({ stackYaml, versions }) =>
    versions.map((version): OwnPlace => {
      const { devfile, folder, isDefault } = version;
      const name = stackYaml?.contents?.fields.name ?? devfile?.contents?.fields.name ?? "";
      return { name, version: indexVersion(version), isDefault, folder, devfile };
    }),
  );
  const ofSamples = extras.flatMap(({ entry, samples }) =>
    samples.map(({ devfile, folder, extra }): OwnPlace => {
      const isDefault = extra === undefined || extra.fields.default === true;
      return {
        name: entry.fields.name ?? "",
        version: extra?.fields.version,
        isDefault,
        folder,
        devfile,
      };
    }),
  );
  return [...ofStacks, ...ofSamples];
}
