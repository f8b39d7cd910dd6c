import type { AuditKind } from "./audit.ts";

/**
 * What an address is: what a client follows it for; `git` of a sample, which clients clone; `link`
 * that people follow; `image`, which is found otherwise; `origin`, which was there before and is
 * kept; undefined where nothing tells.
 */
export type AddressRole = AuditKind | "git" | "link" | "origin" | undefined;

type Rule = readonly [pattern: RegExp, role: AddressRole];

/** Old devfiles have them in their metadata itself. */
const ATTRIBUTES =
  /(?:^|\/)(?:attributes|metadata)\/alpha\.(?:build-dockerfile|deployment-manifest)$/;
const PROSE = /(?:^|\/)(?:description|displayName|website|supportUrl|provider|license)$/;

/** The first that matches counts. */
const DEVFILE_RULES: readonly Rule[] = [
  [/(?:^|\/)attributes\/devreg\.dev~1origin(?:\/|$)/, "origin"],
  [ATTRIBUTES, "document"],
  [
    /(?:^|\/)(?:starterProjects|projects|dependentProjects)\/\*\/[^/]+\/(?:remotes\/[^/]+|location)$/,
    "starter",
  ],
  [/(?:^|\/)(?:parent|plugin)\/(?:uri|registryUrl)$/, "parent"],
  [/\/(?:kubernetes|openshift|dockerfile)\/uri$/, "component"],
  [/\/dockerfile\/(?:git\/remotes\/[^/]+|devfileRegistry\/registryUrl)$/, "component"],
  [/^metadata\/icon$/, "icon"],
  [/(?:^|\/)(?:container\/image|image\/imageName)$/, "image"],
  [PROSE, "link"],
];

const INDEX_RULES: readonly Rule[] = [
  [ATTRIBUTES, "document"],
  [/^(?:versions\/\*\/)?icon$/, "icon"],
  [/^(?:versions\/\*\/)?git\/(?:remotes\/[^/]+|url)$/, "git"],
  [/^(?:versions\/\*\/)?links\/[^/]+$/, "index-link"],
  [PROSE, "link"],
];

/** A place in a document. */
export type DocumentPath = readonly (string | number)[];

/** Tells what an address in a devfile is. What a sample has of git is left to clients. */
export function roleInDevfile(path: DocumentPath, isSample: boolean): AddressRole {
  const role = roleOf(path, DEVFILE_RULES);
  return role === "starter" && isSample && path.at(-1) !== "location" ? "git" : role;
}

/** Tells what an address in an entry of an index is. */
export function roleInEntry(path: DocumentPath): AddressRole {
  return roleOf(path, INDEX_RULES);
}

/** Writes a place as a JSON pointer. */
export function pointerTo(path: DocumentPath): string {
  return path.map((part) => `/${escapePart(part)}`).join("");
}

function roleOf(path: DocumentPath, rules: readonly Rule[]): AddressRole {
  const shape = path.map((part) => (typeof part === "number" ? "*" : escapePart(part))).join("/");
  return rules.find(([pattern]) => pattern.test(shape))?.[1];
}

function escapePart(part: string | number): string {
  return String(part).replaceAll("~", "~0").replaceAll("/", "~1");
}
