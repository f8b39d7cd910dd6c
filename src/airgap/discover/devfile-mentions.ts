import type { Finding } from "../../generator/index.ts";
import type { Origin, YamlNode, YamlPath } from "../../generator/rewrite/index.ts";
import { matchesGlob } from "../../glob.ts";
import { FILE_IMAGES } from "../../mirror-limits.ts";
import type { OccurrenceKind } from "../occurrence.ts";
import {
  type DevfileScalar,
  devfileCommands,
  devfileComponents,
  keptOrigin,
  listOf,
  readScalar,
  type ScalarHolder,
} from "./devfile-walk.ts";
import { findManifestMentions } from "./manifest-mentions.ts";
import type { Mention } from "./mention.ts";
import type { ImageMatcher, MirrorRules } from "./mirror-rules.ts";
import { findPossibleImages, POSSIBLE_REASON } from "./possible-images.ts";
import { type ScalarWord, trimmedWord, WordRanges } from "./scalar-words.ts";

/** An image named in a devfile, and where in which of its texts. */
export interface DevfileMention extends Mention {
  readonly scalar: DevfileScalar;
  /** UTF-16 units of the scalar's value. */
  readonly from: number;
  readonly to: number;
}

/** What a devfile says of images. */
export interface DevfileMentions {
  readonly mentions: readonly DevfileMention[];
  /** Inlined manifests that are no YAML. */
  readonly faults: readonly (Pick<Finding, "line" | "column" | "path"> & {
    readonly message: string;
  })[];
}

/** How a devfile is read for images. */
export interface DevfileReading {
  /** The text that the root was parsed from, byte order mark included. */
  readonly text: string;
  readonly rules: MirrorRules;
  /** Whether to read what authors wrote, where images were renamed. */
  readonly original: boolean;
}

/** A text to find images in. */
interface Spot {
  readonly node: YamlNode;
  readonly scalar: DevfileScalar;
}

const OVERRIDES: readonly string[] = ["pod-overrides", "container-overrides"];

/** Finds the images that a devfile names, those in overrides of parents and plugins included. */
export function findDevfileMentions(root: YamlNode, reading: DevfileReading): DevfileMentions {
  const walk = new DevfileWalk(root, reading);
  for (const component of devfileComponents(root)) walk.component(component);
  for (const command of devfileCommands(root)) walk.command(command);
  walk.overrides({ path: [], node: root });
  return walk;
}

class DevfileWalk implements DevfileMentions {
  readonly mentions: DevfileMention[] = [];
  readonly faults: DevfileMentions["faults"][number][] = [];
  readonly #root: YamlNode;
  readonly #reading: DevfileReading;
  readonly #ranges: WordRanges;

  constructor(root: YamlNode, reading: DevfileReading) {
    this.#root = root;
    this.#reading = reading;
    this.#ranges = new WordRanges(reading.text, reading.text.startsWith("\ufeff") ? 1 : 0);
  }

  component(holder: ScalarHolder): void {
    const origin = this.#origin(holder);
    const read = (path: YamlPath) => readScalar(holder, path, origin);
    // Components of schema version 1 name their image themselves.
    for (const path of [["container", "image"], ["image"]]) {
      const spot = read(path);
      if (spot !== undefined) this.#image(spot);
    }
    for (const kind of ["kubernetes", "openshift"]) {
      const spot = read([kind, "inlined"]);
      if (spot !== undefined) this.#manifest(spot);
    }
    const container = holder.node.get("container");
    this.#environment(holder, ["container", "env"], container.get("env"), origin);
    for (const key of ["args", "command"]) {
      for (const at of listOf(container.get(key)).keys()) {
        const spot = read(["container", key, at]);
        if (spot !== undefined) this.#words(spot, (matcher) => matcher.at === "args");
      }
    }
    this.overrides(holder);
  }

  command(holder: ScalarHolder): void {
    const origin = this.#origin(holder);
    const spot = readScalar(holder, ["exec", "commandLine"], origin);
    if (spot !== undefined) this.#words(spot, ({ at }) => at === "commandLine");
    this.#environment(holder, ["exec", "env"], holder.node.get("exec").get("env"), origin);
  }

  /** What attributes add to pods and containers; as a map, or as text. */
  overrides({ path, node }: ScalarHolder): void {
    for (const key of OVERRIDES) {
      const value = node.get("attributes").get(key);
      this.#override(value, [...path, "attributes", key]);
    }
  }

  #override(node: YamlNode, path: YamlPath): void {
    if (node.isMap) {
      for (const [key, below] of node.entries()) {
        const spot = plainSpot(below, [...path, key]);
        if (key === "image" && spot !== undefined) this.#image(spot, "kubernetes");
        else this.#override(below, [...path, key]);
      }
    } else if (node.isList) {
      for (const [at, item] of node.items().entries()) this.#override(item, [...path, at]);
    } else {
      const spot = plainSpot(node, path);
      if (spot !== undefined && OVERRIDES.includes(String(path.at(-1)))) this.#manifest(spot);
    }
  }

  #environment(
    holder: ScalarHolder,
    path: YamlPath,
    list: YamlNode,
    origin: Origin | undefined,
  ): void {
    for (const [at, item] of listOf(list).entries()) {
      const name = item.isMap ? item.get("name").text() : undefined;
      const spot = readScalar(holder, [...path, at, "value"], origin);
      if (spot === undefined) continue;
      this.#words(
        spot,
        (matcher) => matcher.at === "env" && matchesGlob(matcher.name ?? "*", name ?? ""),
      );
    }
  }

  #image(spot: Spot, kind: OccurrenceKind = "container"): void {
    const word = trimmedWord(spot.scalar.value);
    const role = kind === "container" ? "image of a container component" : "image in an override";
    if (word.from < word.to) this.#add(spot, word, { kind, role });
  }

  #manifest({ node, scalar: { path, value } }: Spot): void {
    const scalar = { path, value };
    const { mentions, faults } = findManifestMentions(value, this.#reading.rules.searchKeys);
    for (const { start, end, pointer, ...mention } of mentions) {
      const word = { from: start, to: end };
      const below = pointer.replace(/^document:/, "/$&");
      this.#add({ node, scalar }, word, mention, below, mention.text);
    }
    for (const { message } of faults) this.faults.push({ ...node.position(), message });
  }

  #words(spot: Spot, takes: (matcher: ImageMatcher) => boolean): void {
    const { value } = spot.scalar;
    const matched = this.#reading.rules.matchers
      .filter(takes)
      .flatMap((matcher) => matchesOf(matcher, value));
    for (const word of matched)
      this.#add(spot, word, { kind: "matched", role: "found by a matcher" });
    for (const word of findPossibleImages(value)) {
      if (matched.some(({ from, to }) => from < word.to && word.from < to)) continue;
      this.#add(spot, word, { kind: "possible", role: "possible", ignored: POSSIBLE_REASON });
    }
  }

  #add(
    { node, scalar }: Spot,
    { from, to }: Pick<ScalarWord, "from" | "to">,
    more: Pick<Mention, "kind" | "role" | "ignored">,
    below = "",
    text = scalar.value.slice(from, to),
  ): void {
    // One too many says that there are too many.
    if (node.range === undefined || this.mentions.length > FILE_IMAGES) return;
    const [start, end] = this.#ranges.rangeOf(node.range, { value: scalar.value, from, to });
    const pointer = `${pointerOf(scalar.path)}${below}`;
    this.mentions.push({ ...more, pointer, start, end, text, value: text, scalar, from, to });
  }

  #origin(holder: ScalarHolder): Origin | undefined {
    return this.#reading.original ? keptOrigin(this.#root, holder) : undefined;
  }
}

function plainSpot(node: YamlNode, path: YamlPath): Spot | undefined {
  const value = node.isScalar ? node.text() : undefined;
  return value === undefined ? undefined : { node, scalar: { path, value } };
}

function matchesOf({ pattern }: ImageMatcher, value: string): Pick<ScalarWord, "from" | "to">[] {
  return [...value.matchAll(new RegExp(pattern.source, "dg"))].flatMap(({ indices }) => {
    const [from, to] = indices?.[1] ?? [];
    return from === undefined || to === undefined || from === to ? [] : [{ from, to }];
  });
}

function pointerOf(path: YamlPath): string {
  const parts = path.map((part) => String(part).replaceAll("~", "~0").replaceAll("/", "~1"));
  return parts.map((part) => `/${part}`).join("");
}
