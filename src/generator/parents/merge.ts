import {
  isMap,
  isScalar,
  isSeq,
  YAMLMap as Mapping,
  type Pair,
  Scalar,
  type YAMLMap,
  YAMLSeq,
} from "yaml";
import { ELEMENT_LISTS, elementsOf, FREE_MAPS, keysOfContent } from "./devfile-lists.ts";
import { getItems, getNode, nameOf, pairsOf } from "./devfile-tree.ts";

/** What plugins of a devfile became, by the name of their component. */
export interface ImportedPlugin {
  readonly name: string;
  readonly content: YAMLMap;
}

const EVENTS = ["preStart", "postStart", "preStop", "postStop"] as const;

/**
 * Merges what a devfile imports into it, in place: elements of the parent, of plugins, then its own,
 * without the plugins themselves. Commands of events are each taken once, in that order. Where two
 * define a key, the devfile is wrong; `sharedElements` tells of it.
 *
 * Parity: MergeDevWorkspaceTemplateSpec of pkg/utils/overriding/merging.go of the devfile API, whose
 * older releases sort the commands of events by name. Plugins are not compared with each other.
 */
export function mergeContent(
  main: YAMLMap,
  parent: YAMLMap | undefined,
  plugins: readonly ImportedPlugin[],
): void {
  const imported = [
    ...(parent === undefined ? [] : [parent]),
    ...plugins.map(({ content }) => content),
  ];
  for (const list of ELEMENT_LISTS) mergeList(main, imported, list);
  for (const map of FREE_MAPS) mergeMaps(main, imported, map);
  mergeEvents(main, imported);
}

/** An element that two define; overriding belongs into the reference to the parent or plugin. */
export interface SharedElement {
  /** "components", "attributes" */
  readonly list: string;
  readonly key: string;
  /** Where the devfile defines it; undefined where its parent does. */
  readonly node: unknown;
  /** Who defines it too: "its parent", 'its plugin "tools"'. */
  readonly from: string;
}

/**
 * Finds what a devfile, its parent and its plugins define twice.
 *
 * Parity: ensureNoConflictWithParent and ensureNoConflictsWithPlugins of merging.go.
 */
export function sharedElements(
  main: YAMLMap,
  parent: YAMLMap | undefined,
  plugins: readonly ImportedPlugin[],
): SharedElement[] {
  const shared = parent === undefined ? [] : sharedBy(main, parent, "its parent");
  for (const { name, content } of plugins) {
    shared.push(...sharedBy(main, content, `its plugin "${name}"`));
    if (parent === undefined) continue;
    const both = sharedBy(parent, content, `its parent and its plugin "${name}"`);
    shared.push(...both.map((each) => ({ ...each, node: undefined })));
  }
  return shared;
}

function sharedBy(main: YAMLMap, imported: YAMLMap, from: string): SharedElement[] {
  return [...ELEMENT_LISTS, ...FREE_MAPS].flatMap((list) => {
    const theirs = new Set(keysOfContent(imported, list));
    const both = elementsOf(main, list).filter(({ key }) => theirs.has(key));
    return both.map((element) => ({ list, ...element, from }));
  });
}

function mergeList(main: YAMLMap, imported: readonly YAMLMap[], list: string): void {
  const theirs = imported.flatMap((content) => getItems(content, list));
  const own = getItems(main, list).filter((item) => list !== "components" || !isPlugin(item));
  if (theirs.length === 0 && own.length === getItems(main, list).length) return;
  put(
    main,
    list,
    () => new YAMLSeq(),
    (node) => {
      if (!isSeq(node)) return;
      node.items = [...theirs, ...own];
      node.flow = false;
    },
  );
}

function isPlugin(component: unknown): boolean {
  return isMap(getNode(component, "plugin"));
}

/** What plugins define twice counts as the last one has it. */
function mergeMaps(main: YAMLMap, imported: readonly YAMLMap[], key: string): void {
  const pairs = new Map<string, Pair>();
  for (const content of [...imported, main]) {
    for (const pair of pairsOf(getNode(content, key))) pairs.set(nameOf(pair), pair);
  }
  if (pairs.size === pairsOf(getNode(main, key)).length) return;
  put(
    main,
    key,
    () => new Mapping(),
    (node) => {
      if (!isMap(node)) return;
      node.items = [...pairs.values()];
      node.flow = false;
    },
  );
}

function mergeEvents(main: YAMLMap, imported: readonly YAMLMap[]): void {
  const contents = [...imported, main].map((content) => getNode(content, "events"));
  for (const event of EVENTS) {
    const commands = new Map<string, unknown>();
    for (const item of contents.flatMap((events) => getItems(events, event))) {
      const name = isScalar(item) ? String(item.value) : "";
      if (!commands.has(name)) commands.set(name, item);
    }
    if (commands.size === 0) continue;
    put(
      main,
      "events",
      () => new Mapping(),
      (events) => {
        if (!isMap(events)) return;
        put(
          events,
          event,
          () => new YAMLSeq(),
          (node) => {
            if (isSeq(node)) node.items = [...commands.values()];
          },
        );
      },
    );
  }
}

/** Changes what a key holds, where it is of the right kind, else makes it first. */
function put(
  map: YAMLMap,
  key: string,
  make: () => YAMLMap | YAMLSeq,
  change: (node: unknown) => void,
): void {
  const made = make();
  const pair = map.items.find((each) => nameOf(each) === key);
  if (pair === undefined) map.add({ key: new Scalar(key), value: made });
  else if (!(isMap(made) ? isMap(pair.value) : isSeq(pair.value))) pair.value = made;
  change(getNode(map, key));
}
