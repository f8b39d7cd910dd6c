/** Leads to a value of a YAML document: keys of maps as their source text, positions in lists. */
export type YamlPath = readonly (string | number)[];

/** A value that edits write: text, or a map of such values in the order of its keys. */
export type YamlValue = string | { readonly [key: string]: YamlValue };

/** Puts text in the place of one scalar. */
export interface ScalarEdit {
  readonly path: YamlPath;
  readonly value: string;
}

/** One change of a YAML document. */
export type YamlEdit =
  | { readonly kind: "scalar"; readonly path: YamlPath; readonly value: string }
  | { readonly kind: "node"; readonly path: YamlPath; readonly value: YamlValue }
  | {
      readonly kind: "pair";
      readonly path: YamlPath;
      readonly key: string;
      readonly value: YamlValue;
    }
  | { readonly kind: "remove"; readonly path: YamlPath }
  | {
      readonly kind: "insert";
      readonly path: YamlPath;
      readonly value: YamlValue;
      readonly before?: string;
    };

/** Replaces the text of a scalar, or an alias, at a path. */
export function replaceScalar(path: YamlPath, value: string): YamlEdit {
  return { kind: "scalar", path, value };
}

/** Replaces whatever a key holds. */
export function replaceNode(path: YamlPath, value: YamlValue): YamlEdit {
  return { kind: "node", path, value };
}

/** Replaces a key and what it holds by another key and value, in the same place. */
export function replacePair(path: YamlPath, key: string, value: YamlValue): YamlEdit {
  return { kind: "pair", path, key, value };
}

/** Removes a key and what it holds; comments above it stay. */
export function removeKey(path: YamlPath): YamlEdit {
  return { kind: "remove", path };
}

/** Adds a key to a map that lacks it: in front of the key `before`, else as the first one. */
export function insertKey(path: YamlPath, value: YamlValue, before?: string): YamlEdit {
  return { kind: "insert", path, value, ...(before === undefined ? {} : { before }) };
}

/** Renders a path the way findings do: "components[0].image.uri". */
export function formatYamlPath(path: YamlPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}
