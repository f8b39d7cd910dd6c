import type { LeftOutPlatform } from "./image/index.ts";

/** What became of one thing that a mirror was to move. */
export interface MirrorItem {
  readonly kind: "image" | "registry-image" | "stack" | "index";
  /** What it is called where it comes from: the full name of an image, "devfile-catalog/go:2.0.0". */
  readonly name: string;
  /** Its full name where it went; absent in a bundle, where it keeps its name. */
  readonly target?: string;
  /** `kept-back`: not tried, because something it needs failed. */
  readonly state: "pending" | "done" | "failed" | "kept-back";
  /** Manifests and blobs written, taken from a neighbour repository, and there already. */
  readonly copied?: number;
  readonly mounted?: number;
  readonly reused?: number;
  /** Bytes written. */
  readonly bytes?: number;
  readonly ms?: number;
  /** Of the offline registry image: the platforms that it has, and those that it lacks. */
  readonly platforms?: readonly string[];
  readonly platformsLeftOut?: readonly LeftOutPlatform[];
  /** Why it failed. */
  readonly error?: unknown;
  /** The places that name an image that failed. */
  readonly namedBy?: readonly string[];
}

/** Collects what became of everything, and tells who listens. */
export class MirrorItems {
  readonly #items = new Map<string, MirrorItem>();
  readonly #changed: () => void;

  constructor(changed: () => void = () => undefined) {
    this.#changed = changed;
  }

  /** Says what became of an item; said again it replaces what was said before. */
  set(item: MirrorItem): void {
    this.#items.set(`${item.kind} ${item.name}`, item);
    this.#changed();
  }

  /** Gives all items in the order in which they were first named. */
  list(): readonly MirrorItem[] {
    return [...this.#items.values()];
  }

  /** Gives the items that are not where they should be. */
  failed(): readonly MirrorItem[] {
    return this.list().filter(({ state }) => state === "failed" || state === "kept-back");
  }
}
