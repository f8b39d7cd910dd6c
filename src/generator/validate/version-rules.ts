import { STACK_FILE_BYTES } from "../../limits.ts";
import { isTag } from "../../oci-client/index.ts";
import { isBuildName } from "../build-name.ts";
import { DEVFILES } from "../devfile-yaml.ts";
import { indexVersion, type StackVersion } from "../repository.ts";
import { isOldDevfile } from "./old-devfile.ts";
import type { Rule } from "./rule.ts";

const REQUIRED = ["name", "displayName", "language", "projectType", "version"] as const;

const folderThere: Rule<StackVersion> = {
  name: "version-folder-missing",
  *check({ declared, files, folder }) {
    if (declared === undefined || declared.version === "" || files.length > 0) return;
    yield {
      severity: "error",
      at: declared.node.get("version").position(),
      message: `Cannot find version "${declared.version}": there is no folder "${folder}"`,
      hint: "Add the folder with its devfile, or take the version out of stack.yaml",
    };
  },
};

const devfileThere: Rule<StackVersion> = {
  name: "no-devfile",
  *check({ declared, devfile, files, folder }) {
    if (devfile !== undefined || files.length === 0) return;
    const nested =
      declared === undefined && files.some(({ path }) => path.endsWith("/devfile.yaml"));
    const misnamed = files.map(({ path }) => path.slice(folder.length + 1)).find(isMisnamed);
    yield {
      severity: "error",
      at: { file: folder },
      message: `Cannot find the devfile: "${folder}" holds no devfile.yaml`,
      hint: nested
        ? "List the folders of its versions in a stack.yaml"
        : misnamed === undefined
          ? "Add the stack's devfile.yaml, or remove the folder"
          : `Rename ${misnamed} to devfile.yaml`,
    };
  },
};

/** Tells whether a name is almost that of a devfile. */
function isMisnamed(name: string): boolean {
  return /^\.?dev-?file(?:\.ya?ml)?$/i.test(name);
}

const oneDevfile: Rule<StackVersion> = {
  name: "both-devfiles",
  *check(version) {
    if (!hasBothDevfiles(version)) return;
    yield {
      severity: "error",
      at: { file: `${version.folder}/.devfile.yaml` },
      message: `Cannot choose a devfile: "${version.folder}" holds devfile.yaml and .devfile.yaml`,
      hint: "Remove one of them",
    };
  },
};

const metadataRequired: Rule<StackVersion> = {
  name: "metadata-required",
  *check({ devfile }) {
    if (devfile?.contents === undefined || isOldDevfile(devfile.contents)) return;
    const { fields, metadata } = devfile.contents;
    for (const field of REQUIRED) {
      if ((fields[field] ?? "") !== "") continue;
      const at = metadata.get(field).position();
      const hint = `Add ${field} below metadata`;
      yield { severity: "error", at, message: `${field} is not set`, hint };
    }
  },
};

const versionIsTag: Rule<StackVersion> = {
  name: "version-tag",
  *check(version) {
    const text = indexVersion(version);
    if (text === "" || isTag(text)) return;
    const kept = isBuildName(text);
    yield {
      severity: kept ? "warning" : "error",
      at: version.devfile?.contents?.metadata.get("version").position() ?? { file: version.folder },
      message: `Cannot ${kept ? "pull" : "publish"} version "${text}": it cannot be an OCI tag`,
      hint: "Use a version of the form x.y.z",
    };
  },
};

const versionsAgree: Rule<StackVersion> = {
  name: "version-disagrees",
  *check(version) {
    const text = indexVersion(version);
    if (version.declared === undefined || text === "" || text === version.declared.version) return;
    yield {
      severity: "warning",
      at: version.devfile?.contents?.metadata.get("version").position() ?? { file: version.folder },
      message: `the version "${text}" is not that of stack.yaml and of the folder, "${version.declared.version}"`,
      hint: `Make all three the same: "${text}" is published, and the Go server, which looks for its folder, would not start`,
    };
  },
};

const filesFit: Rule<StackVersion> = {
  name: "file-too-large",
  *check({ files }) {
    for (const { path, sizeBytes } of files) {
      if (sizeBytes <= STACK_FILE_BYTES) continue;
      yield {
        severity: "error",
        at: { file: path },
        message: `Cannot package "${path}": ${sizeBytes} bytes, over the limit of ${STACK_FILE_BYTES}`,
        hint: "Keep large content out of the stack and refer to it",
      };
    }
  },
};

/** Rules for one version of a stack. */
export const versionRules: readonly Rule<StackVersion>[] = [
  folderThere,
  devfileThere,
  oneDevfile,
  metadataRequired,
  versionIsTag,
  versionsAgree,
  filesFit,
];

/** Tells whether a version holds its devfile under both names. */
export function hasBothDevfiles({ files, folder }: StackVersion): boolean {
  return DEVFILES.every((name) => files.some(({ path }) => path === `${folder}/${name}`));
}
