import { isBuildName } from "../build-name.ts";
import type { Extra } from "../repository.ts";
import type { ExtraVersion } from "../samples-yaml.ts";
import { checkOneDefault } from "./one-default.ts";
import type { Issue, Rule } from "./rule.ts";
import { ENTRY_KEYS, unknownKeys, VERSION_KEYS } from "./unknown-keys.ts";

const named: Rule<Extra> = {
  name: "extra-name",
  *check({ entry }) {
    if ((entry.fields.name ?? "") !== "") return;
    yield {
      severity: entry.type === "stack" ? "error" : "warning",
      at: entry.node.get("name").position(),
      message: "name is not set, so the entry is left out",
      hint: "Add the name by which clients ask for it",
    };
  },
};

const folderNames: Rule<Extra> = {
  name: "extra-folder-name",
  *check({ entry }) {
    const { name = "" } = entry.fields;
    const named = [
      { node: entry.node.get("name"), text: name },
      ...entry.versions.map(({ node, fields }) => ({
        node: node.get("version"),
        text: fields.version ?? "",
      })),
    ];
    for (const { node, text } of named) {
      if (text === "" || isBuildName(text)) continue;
      yield {
        severity: "warning",
        at: node.position(),
        message: `"${text}" can be no folder, so that nobody can download the devfile`,
        hint: "Use letters and digits, joined by '-', '_' or '.'",
      };
    }
  },
};

const required: Rule<Extra> = {
  name: "extra-required",
  *check({ entry }) {
    for (const version of entry.versions) yield* missingOf(version, entry.type);
    if (entry.versions.length > 0) return;
    const [field, present] =
      entry.type === "stack" ? ["versions", false] : ["git", entry.fields.git !== undefined];
    if (present) return;
    yield {
      severity: "error",
      at: entry.node.get(String(field)).position(),
      message: `${field} is not set`,
      hint: `Add ${field} to the entry`,
    };
  },
};

const oneDefault: Rule<Extra> = {
  name: "extra-default",
  check: ({ entry }) =>
    checkOneDefault(
      entry.node,
      entry.versions.map(({ node, fields }) => ({ node, isDefault: fields.default === true })),
    ),
};

const oneRemote: Rule<Extra> = {
  name: "sample-remotes",
  *check({ entry }) {
    const places = [
      { node: entry.node, git: entry.fields.git, whole: true },
      ...entry.versions.map(({ node, fields }) => ({ node, git: fields.git, whole: false })),
    ];
    for (const { node, git, whole } of places) {
      if (entry.type !== "sample" || git === undefined) continue;
      const count = Object.keys(git.remotes ?? {}).length;
      const isOther = node.get("git").present && !node.get("git").isMap;
      if (count === 1 || isOther) continue;
      yield {
        // Parity: only a sample without versions is checked, and only for more than one remote.
        severity: count > 1 && whole && entry.versions.length === 0 ? "error" : "warning",
        at: node.get("git").get("remotes").position(),
        message: `git has ${count} remotes where one is needed`,
        hint:
          count === 0
            ? "Add remotes with a name and the address that clients are to clone"
            : "Keep the remote that clients are to clone",
      };
    }
  },
};

const onlyDescribed: Rule<Extra> = {
  name: "extra-stack-files",
  *check({ entry }) {
    if (entry.type !== "stack") return;
    yield {
      severity: "warning",
      at: entry.node.position(),
      message: "the stack is only described: there are no files that clients could download",
      hint: "Put the stack's files below stacks/ and remove the entry",
    };
  },
};

const keysKnown: Rule<Extra> = {
  name: "unknown-key",
  *check({ entry }) {
    yield* unknownKeys(entry.node, ENTRY_KEYS);
    for (const version of entry.versions) yield* unknownKeys(version.node, VERSION_KEYS);
  },
};

/** Rules for an entry of extraDevfileEntries.yaml. */
export const extraRules: readonly Rule<Extra>[] = [
  named,
  folderNames,
  required,
  oneDefault,
  oneRemote,
  onlyDescribed,
  keysKnown,
];

function* missingOf({ node, fields }: ExtraVersion, type: "sample" | "stack"): Iterable<Issue> {
  const values: Readonly<Record<string, boolean>> = {
    version: (fields.version ?? "") !== "",
    schemaVersion: (fields.schemaVersion ?? "") !== "",
    ...(type === "sample"
      ? { git: fields.git !== undefined }
      : {
          links: Object.keys(fields.links ?? {}).length > 0,
          resources: (fields.resources ?? []).length > 0,
        }),
  };
  for (const [field, present] of Object.entries(values)) {
    if (present) continue;
    yield {
      severity: "error",
      at: node.get(field).position(),
      message: `${field} is not set`,
      hint: `Add ${field} to the version`,
    };
  }
}
