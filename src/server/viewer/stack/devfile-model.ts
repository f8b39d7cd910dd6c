import type { DevfileValue, ReadDevfile } from "../../../generator/index.ts";

/** A map of a devfile. */
export type Fields = ReadonlyMap<string, DevfileValue>;

/** One component of a devfile. */
export interface DevfileComponent {
  readonly name: string;
  /** "container", "image", "volume", …; "" where it says none that is known. */
  readonly kind: string;
  /** What stands below the kind. */
  readonly body: Fields;
}

/** One command of a devfile. */
export interface DevfileCommand {
  readonly id: string;
  /** "exec", "apply", "composite"; "" where it says none that is known. */
  readonly kind: string;
  readonly body: Fields;
  readonly group: string;
  readonly isDefault: boolean;
}

/** One port of a component. */
export interface DevfileEndpoint {
  readonly component: string;
  readonly name: string;
  readonly body: Fields;
}

/** One starter project, or project, of a devfile. */
export interface DevfileProject {
  readonly name: string;
  readonly description: string;
  /** Names and addresses of git remotes. */
  readonly remotes: readonly (readonly [name: string, address: string])[];
  readonly revision: string;
  readonly subDir: string;
  /** Location of its zip; "" where it comes from git. */
  readonly zip: string;
}

/** What pages show of a devfile. */
export interface DevfileModel {
  readonly root: Fields;
  readonly metadata: Fields;
  readonly components: readonly DevfileComponent[];
  readonly endpoints: readonly DevfileEndpoint[];
  readonly commands: readonly DevfileCommand[];
  readonly events: readonly (readonly [event: string, commands: string])[];
  readonly starters: readonly DevfileProject[];
  readonly parent: Fields | undefined;
  /** True when it says more than is known here. */
  readonly isCut: boolean;
}

const COMPONENT_KINDS = [
  "container",
  "image",
  "volume",
  "kubernetes",
  "openshift",
  "plugin",
  "custom",
];
const COMMAND_KINDS = ["exec", "apply", "composite", "custom"];
const NOTHING: Fields = new Map();

/** Makes the model of a devfile; whatever is not of the form it should be is not there. */
export function modelOf({ value: root, isCut }: ReadDevfile): DevfileModel {
  const components = listAt(root, "components").map(readComponent);
  const parent = mapAt(root, "parent");
  return {
    root,
    metadata: mapAt(root, "metadata"),
    components,
    endpoints: components.flatMap(({ name, body }) =>
      listAt(body, "endpoints").map((endpoint) => ({
        component: name,
        name: textAt(endpoint, "name"),
        body: endpoint,
      })),
    ),
    commands: listAt(root, "commands").map(readCommand),
    events: [...mapAt(root, "events")].map(([event, value]) => [event, textOf(value)] as const),
    starters: listAt(root, "starterProjects").map(readProject),
    parent: parent.size === 0 ? undefined : parent,
    isCut,
  };
}

/** Gives the image that a component names; "" where it names none. */
export function imageOf({ kind, body }: DevfileComponent): string {
  if (kind === "container") return textAt(body, "image");
  return kind === "image" ? textAt(body, "imageName") : "";
}

/** Gives the text of a key; "" for what is missing or no text. */
export function textAt(fields: Fields, key: string): string {
  const value = fields.get(key);
  return typeof value === "string" ? value : "";
}

/** Gives the map of a key; an empty one for what is missing or no map. */
export function mapAt(fields: Fields, key: string): Fields {
  const value = fields.get(key);
  return isFields(value) ? value : NOTHING;
}

/** Gives the maps in the list of a key. */
export function listAt(fields: Fields, key: string): readonly Fields[] {
  const value = fields.get(key);
  return isList(value) ? value.filter(isFields) : [];
}

/** Gives the texts of a value as one: a list is joined, a map is not shown. */
export function textOf(value: DevfileValue | undefined): string {
  if (typeof value === "string") return value;
  if (!isList(value)) return "";
  return value.filter((item) => typeof item === "string").join(", ");
}

/** Tells a list from other values; Array.isArray does not narrow readonly arrays. */
export function isList(value: DevfileValue | undefined): value is readonly DevfileValue[] {
  return Array.isArray(value);
}

/** Tells a map from other values. */
export function isFields(value: DevfileValue | undefined): value is Fields {
  return value instanceof Map;
}

function readComponent(fields: Fields): DevfileComponent {
  const kind = COMPONENT_KINDS.find((each) => fields.has(each)) ?? "";
  return { name: textAt(fields, "name"), kind, body: mapAt(fields, kind) };
}

function readCommand(fields: Fields): DevfileCommand {
  const kind = COMMAND_KINDS.find((each) => fields.has(each)) ?? "";
  const body = mapAt(fields, kind);
  const group = mapAt(body, "group");
  return {
    id: textAt(fields, "id"),
    kind,
    body,
    group: textAt(group, "kind"),
    isDefault: /^(?:true|yes|on)$/i.test(textAt(group, "isDefault")),
  };
}

function readProject(fields: Fields): DevfileProject {
  const git = mapAt(fields, "git");
  const remotes = [...mapAt(git, "remotes")].map(([name, value]) => [name, textOf(value)] as const);
  return {
    name: textAt(fields, "name"),
    description: textAt(fields, "description"),
    remotes,
    revision: textAt(mapAt(git, "checkoutFrom"), "revision"),
    subDir: textAt(fields, "subDir"),
    zip: textAt(mapAt(fields, "zip"), "location"),
  };
}
