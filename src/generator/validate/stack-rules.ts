import { isRepositoryName } from "../../oci-client/index.ts";
import { isBuildName } from "../build-name.ts";
import type { Stack } from "../repository.ts";
import { parseRelease } from "../semver.ts";
import { checkOneDefault } from "./one-default.ts";
import type { Rule } from "./rule.ts";
import { ENTRY_KEYS, unknownKeys, VERSION_KEYS } from "./unknown-keys.ts";

/** Parity: the generator takes the name of the index, the server then looks for a folder of that. */
const INDEX_NAME = "OCI clients ask by that of the folder, and the Go server would not start";
const OTHER_NAME = "clients know the stack by that of stack.yaml, tools show this one";
const REQUIRED = ["name", "displayName", "icon"] as const;

const folderName: Rule<Stack> = {
  name: "stack-folder-name",
  *check({ folder, path }) {
    if (isRepositoryName(`devfile-catalog/${folder}`)) return;
    const kept = isBuildName(folder);
    yield {
      // Parity: the Go generator takes any name; its server then cannot push the stack.
      severity: kept ? "warning" : "error",
      at: { file: path },
      message: `Cannot ${kept ? "pull" : "publish"} stack "${folder}": the folder's name is no OCI repository name`,
      hint: "Use lower case letters and digits, joined by '-', '_' or '.'",
    };
  },
};

const required: Rule<Stack> = {
  name: "stack-required",
  *check({ stackYaml }) {
    if (stackYaml?.contents === undefined) return;
    const { node, fields } = stackYaml.contents;
    for (const field of REQUIRED) {
      if ((fields[field] ?? "") !== "") continue;
      yield {
        severity: "error",
        at: node.get(field).position(),
        message: `${field} is not set`,
        hint: `Add ${field} to stack.yaml`,
      };
    }
  },
};

const hasVersions: Rule<Stack> = {
  name: "stack-versions",
  *check({ stackYaml }) {
    if (stackYaml?.contents === undefined || stackYaml.contents.versions.length > 0) return;
    yield {
      severity: "error",
      at: stackYaml.contents.node.get("versions").position(),
      message: "versions is not set or empty",
      hint: "List a version for each folder of the stack",
    };
  },
};

const oneDefault: Rule<Stack> = {
  name: "stack-default",
  *check({ stackYaml }) {
    if (stackYaml?.contents === undefined) return;
    const { node, versions } = stackYaml.contents;
    yield* checkOneDefault(node, versions);
  },
};

const versionNumbers: Rule<Stack> = {
  name: "version-not-semver",
  *check({ stackYaml }) {
    for (const { node, version } of stackYaml?.contents?.versions ?? []) {
      if (parseRelease(version) !== undefined) continue;
      const state = version === "" ? "version is not set" : `"${version}" is not of the form x.y.z`;
      yield {
        severity: "error",
        at: node.get("version").position(),
        message: state,
        hint: "Name the version's folder, such as 1.0.0",
      };
    }
  },
};

const versionsDiffer: Rule<Stack> = {
  name: "version-duplicate",
  *check({ versions }) {
    const seen = new Set<string>();
    for (const { devfile } of versions) {
      const version = devfile?.contents?.fields.version ?? "";
      if (version !== "" && seen.has(version)) {
        yield {
          severity: "warning",
          at: devfile?.contents?.metadata.get("version").position() ?? { file: "" },
          message: `another folder of the stack is version "${version}" too; one is left out`,
          hint: "Give each version its own number",
        };
      }
      seen.add(version);
    }
  },
};

const keysKnown: Rule<Stack> = {
  name: "unknown-key",
  *check({ stackYaml }) {
    if (stackYaml?.contents === undefined) return;
    const { node, versions } = stackYaml.contents;
    yield* unknownKeys(node, ENTRY_KEYS);
    for (const version of versions) yield* unknownKeys(version.node, VERSION_KEYS);
  },
};

const foldersListed: Rule<Stack> = {
  name: "version-folder-unlisted",
  *check({ unlisted, path }) {
    for (const folder of unlisted) {
      yield {
        severity: "warning",
        at: { file: folder },
        message: `"${path}/stack.yaml" does not list this version, so it is not published`,
        hint: `Add "- version: ${folder.slice(path.length + 1)}" to versions, or remove the folder`,
      };
    }
  },
};

const defaultThere: Rule<Stack> = {
  name: "default-not-fetched",
  *check({ remoteVersions }) {
    for (const { isDefault, version, node } of remoteVersions) {
      if (!isDefault) continue;
      yield {
        severity: "warning",
        at: node.get("default").position(),
        message: `the default version "${version}" is not here: clients that ask for the default find none`,
        hint: "Generate with network, or make a version that is here the default",
      };
    }
  },
};

const namesAgree: Rule<Stack> = {
  name: "stack-name-disagrees",
  *check({ folder, stackYaml, versions }) {
    const named = stackYaml?.contents;
    const places = [
      ...(named === undefined ? [] : [named.node.get("name")]),
      ...versions.flatMap(({ devfile }) => devfile?.contents?.metadata.get("name") ?? []),
    ];
    for (const node of places) {
      const name = node.text() ?? "";
      if (name === "" || name === folder) continue;
      const message = `the name "${name}" is not that of the stack's folder, "${folder}"`;
      const isIndexName = node === places[0] && stackYaml?.contents !== undefined;
      yield {
        severity: "warning",
        at: node.position(),
        message,
        hint: `Give both one name: ${isIndexName || stackYaml === undefined ? INDEX_NAME : OTHER_NAME}`,
      };
    }
  },
};

/** Rules for one folder below stacks/ and its stack.yaml. */
export const stackRules: readonly Rule<Stack>[] = [
  folderName,
  required,
  hasVersions,
  oneDefault,
  versionNumbers,
  versionsDiffer,
  keysKnown,
  foldersListed,
  defaultThere,
  namesAgree,
];
