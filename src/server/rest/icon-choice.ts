import { createHash } from "node:crypto";
import { eachBounded } from "../../concurrent.ts";
import type { RegistryIndex } from "../../generator/index.ts";
import { ICON_CONCURRENCY } from "../../limits.ts";
import { Pace } from "../../turn.ts";
import { ICONS_IN_A_ROW } from "../../turn-limits.ts";
import type { InlineIcon, InlineIcons } from "../inline-icons.ts";
import type { IndexChoice, PrintedPart } from "./index-choice.ts";
import type { PrintedIndex } from "./printed-index.ts";

/** What one icon of a choice comes to in memory beside its bytes. */
const INSERT_BYTES = 100;
const QUOTE = new Uint8Array([0x22]);

/** An icon, and the text of the index that gives way to it, quotes included. */
interface Insert extends PrintedPart {
  readonly icon: InlineIcon;
}

/** A choice of an index in which the icons of entries are data addresses; those of versions stay. */
export class IconChoice {
  readonly #choice: IndexChoice;
  readonly #inserts: readonly Insert[];
  readonly size: number;
  /** Of one printed index, equal bytes have equal names. */
  readonly name: string;

  private constructor(choice: IndexChoice, inserts: readonly Insert[]) {
    this.#choice = choice;
    this.#inserts = inserts;
    const name = createHash("sha256").update(choice.name);
    let { size } = choice;
    for (const { start, end, icon } of inserts) {
      size += icon.size + 2 * QUOTE.byteLength - (end - start);
      name.update(icon.digest);
    }
    this.size = size;
    this.name = name.digest("hex");
  }

  /** Looks the icons up, letting others have their turn. @throws {DevregError} as reading files does */
  static async of(
    printed: PrintedIndex,
    entries: RegistryIndex,
    icons: InlineIcons,
  ): Promise<IconChoice> {
    const pace = new Pace(ICONS_IN_A_ROW);
    const found = await eachBounded(entries, ICON_CONCURRENCY, async (entry) => {
      await pace.did(1);
      const icon = await icons.of(entry);
      if (icon === undefined) return [];
      const place = printed.iconOf(entry);
      return place === undefined ? [] : [{ ...place, icon }];
    });
    return new IconChoice(printed.choose(entries), found.flat());
  }

  /** What the choice itself takes in memory. */
  get heldBytes(): number {
    return this.#choice.heldBytes + this.#inserts.length * INSERT_BYTES;
  }

  /** Gives the bytes piece by piece; icons are read when it is their turn. */
  async *pieces(): AsyncIterable<Uint8Array> {
    const inserts = this.#inserts.values();
    let next = inserts.next().value;
    for (const part of this.#choice.parts()) {
      let { start } = part;
      while (next !== undefined && next.start < part.end) {
        yield this.#choice.bytesOf({ start, end: next.start });
        yield QUOTE;
        yield await next.icon.open();
        yield QUOTE;
        start = next.end;
        next = inserts.next().value;
      }
      yield this.#choice.bytesOf({ start, end: part.end });
    }
  }
}
