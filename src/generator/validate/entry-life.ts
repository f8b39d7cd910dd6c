import type { Extra, Stack } from "../repository.ts";
import { indexVersion } from "../repository.ts";
import type { YamlNode } from "../yaml/index.ts";

/** How a stack or sample, or a version of it, says whether it is still looked after. */
export interface LifeMarks {
  /** The texts of its tags. */
  readonly tags: readonly YamlNode[];
  /** The attributes `lifecycle` and `deprecated`, wherever it has them. */
  readonly attributes: readonly YamlNode[];
}

/** One version of a stack or sample. */
export interface VersionLife extends LifeMarks {
  /** As the index has it. */
  readonly version: string;
  readonly isDefault: boolean;
  /** Where stack.yaml, or the entry, says that it is the default. */
  readonly defaultAt: YamlNode | undefined;
}

/** A stack or sample with its versions, as rules on deprecation and defaults see it. */
export interface EntryLife extends LifeMarks {
  readonly name: string;
  readonly versions: readonly VersionLife[];
}

/** What readers look for; the case counts. Parity: the filter "deprecated" of the Go server. */
export const DEPRECATED_TAG = "Deprecated";

const ATTRIBUTES = ["lifecycle", "deprecated"];

/** Reads a stack; what could not be read is left out. */
export function lifeOfStack({ folder, stackYaml, versions }: Stack): EntryLife {
  const own = stackYaml?.contents?.node;
  return {
    name: stackYaml?.contents?.fields.name ?? folder,
    tags: tagsOf(own),
    attributes: attributesOf(own),
    versions: versions.flatMap((version) => {
      const devfile = version.devfile?.contents;
      if (devfile === undefined) return [];
      return {
        version: indexVersion(version),
        isDefault: version.isDefault,
        defaultAt: version.declared?.node.get("default"),
        tags: tagsOf(devfile.metadata),
        attributes: [...attributesOf(devfile.metadata), ...attributesOf(devfile.node)],
      };
    }),
  };
}

/** Reads an entry of extraDevfileEntries.yaml. */
export function lifeOfExtra({ entry }: Extra): EntryLife {
  return {
    name: entry.fields.name ?? "",
    tags: tagsOf(entry.node),
    attributes: attributesOf(entry.node),
    versions: entry.versions.map(({ node, fields }) => ({
      version: fields.version ?? "",
      isDefault: fields.default === true,
      defaultAt: node.get("default"),
      tags: tagsOf(node),
      attributes: attributesOf(node),
    })),
  };
}

/** Tells whether readers take it for deprecated. */
export function isSeenDeprecated({ tags }: LifeMarks): boolean {
  return tags.some((tag) => tag.text() === DEPRECATED_TAG);
}

/** Tells whether an attribute says that something is deprecated. */
export function saysDeprecated(attribute: YamlNode): boolean {
  const text = (attribute.text() ?? "").toLowerCase();
  return attribute.path.endsWith("lifecycle") ? text === "deprecated" : text === "true";
}

function tagsOf(node: YamlNode | undefined): YamlNode[] {
  const tags = node?.get("tags");
  return tags?.isList === true ? tags.items().filter(isText) : [];
}

function attributesOf(node: YamlNode | undefined): YamlNode[] {
  const attributes = node?.get("attributes");
  if (attributes?.isMap !== true) return [];
  return ATTRIBUTES.map((key) => attributes.get(key)).filter(isText);
}

/** What is none was reported when it was read, or may be what it likes. */
function isText(node: YamlNode): boolean {
  return node.present && !node.isMap && !node.isList;
}
