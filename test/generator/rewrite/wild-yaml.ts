import fc from "fast-check";

/** A piece of YAML with all that decides how it is written. */
export type WildNode =
  | {
      readonly kind: "scalar";
      readonly text: string;
      readonly style: number;
      readonly note: boolean;
    }
  | { readonly kind: "raw"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly WildNode[]; readonly flow: boolean }
  | {
      readonly kind: "map";
      readonly entries: readonly (readonly [string, WildNode])[];
      readonly flow: boolean;
      readonly merges: boolean;
    }
  | { readonly kind: "alias" };

/** How a whole document is written. */
export interface WildStyle {
  readonly step: number;
  readonly eol: string;
  readonly mark: boolean;
  readonly start: boolean;
  readonly end: boolean;
  readonly gaps: boolean;
  readonly anchors: boolean;
  readonly dashIndent: number;
}

const KEYS = ["name", "git", "zip", "image", "8080", "deployment/replicas", "a b", "yes"];
const TEXTS = [
  "x",
  "https://example.com/a.zip?b=c#d",
  "1.10",
  "two words",
  "it's",
  'say "hi"',
  "a: b",
  "line\nnext",
  "#no",
  "{{var}}",
  "ünï ☃",
];

const scalar: fc.Arbitrary<WildNode> = fc.record({
  kind: fc.constant("scalar" as const),
  text: fc.constantFrom(...TEXTS),
  style: fc.nat(5),
  note: fc.boolean(),
});
const raw: fc.Arbitrary<WildNode> = fc.record({
  kind: fc.constant("raw" as const),
  text: fc.constantFrom("1.10", "true", "~", "", "0777", "2024-01-01", "no", "12e3"),
});
const alias: fc.Arbitrary<WildNode> = fc.constant({ kind: "alias" });

const { node } = fc.letrec<{ node: WildNode; map: WildNode; list: WildNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    { weight: 4, arbitrary: scalar },
    { weight: 1, arbitrary: raw },
    { weight: 1, arbitrary: alias },
    { weight: 3, arbitrary: tie("map") },
    { weight: 2, arbitrary: tie("list") },
  ),
  list: fc.record({
    kind: fc.constant("list" as const),
    items: fc.array(tie("node"), { minLength: 1, maxLength: 3 }),
    flow: fc.boolean(),
  }),
  map: fc.record({
    kind: fc.constant("map" as const),
    entries: fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), tie("node")), {
      minLength: 1,
      maxLength: 4,
      selector: ([key]) => key,
    }),
    flow: fc.boolean(),
    merges: fc.boolean(),
  }),
}));

const style: fc.Arbitrary<WildStyle> = fc.record({
  step: fc.integer({ min: 1, max: 5 }),
  eol: fc.constantFrom("\n", "\n", "\r\n"),
  mark: fc.boolean(),
  start: fc.boolean(),
  end: fc.boolean(),
  gaps: fc.boolean(),
  anchors: fc.boolean(),
  dashIndent: fc.nat(2),
});

/** Documents in which everything is written some other way, each a map at its root. */
export const wildYaml: fc.Arbitrary<string> = fc
  .tuple(
    fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), node), {
      minLength: 1,
      maxLength: 5,
      selector: ([key]) => key,
    }),
    style,
  )
  .map(([entries, how]) => new WildWriter(how).document(entries));

/** Writes a document, giving out anchors as it goes. */
class WildWriter {
  readonly #style: WildStyle;
  #anchors = 0;
  readonly #values: string[] = [];
  readonly #maps: string[] = [];

  constructor(how: WildStyle) {
    this.#style = how;
  }

  document(entries: readonly (readonly [string, WildNode])[]): string {
    const { mark, start, end, eol } = this.#style;
    const body = this.#entries(entries, 0, false);
    const text = `${start ? "# head\n---\n" : ""}${body}${end ? "\n" : ""}`;
    return `${mark ? "\ufeff" : ""}${text.replaceAll("\n", eol)}`;
  }

  #entries(
    entries: readonly (readonly [string, WildNode])[],
    indent: number,
    merges: boolean,
  ): string {
    const pad = " ".repeat(indent);
    const base = this.#maps.at(-1);
    const merged = merges && base !== undefined ? [`<<: *${base}`] : [];
    const lines = entries.map(([key, value], index) => {
      const gap = this.#style.gaps && index > 0 ? `# note ${index}\n\n${pad}` : "";
      return `${gap}${this.#key(key)}:${this.#below(value, indent)}`;
    });
    return [...merged, ...lines].join(`\n${pad}`);
  }

  #key(key: string): string {
    return key === "yes" ? '"yes"' : key;
  }

  /** What follows a colon or a dash. */
  #below(node: WildNode, indent: number): string {
    if (node.kind === "alias" && this.#values.length > 0) return ` *${this.#values.at(-1)}`;
    if (node.kind === "scalar") return this.#scalar(node, indent);
    if (node.kind === "list" && !node.flow) return this.#list(node.items, indent);
    if (node.kind === "map" && !node.flow) {
      const below = indent + this.#style.step;
      const [anchor, name] = this.#anchor();
      const text = `${anchor}\n${" ".repeat(below)}${this.#entries(node.entries, below, node.merges)}`;
      if (name !== undefined) this.#maps.push(name);
      return text;
    }
    return ` ${this.#flow(node)}`;
  }

  #list(items: readonly WildNode[], indent: number): string {
    const at = indent + this.#style.dashIndent;
    const pad = " ".repeat(at);
    const lines = items.map((item) => {
      const inner = at + 2;
      const isInline = item.kind === "map" && !item.flow;
      const text = isInline ? ` ${this.#entries(item.entries, inner, item.merges)}` : undefined;
      return `-${text ?? this.#below(item, at + 1)}`;
    });
    return `\n${pad}${lines.join(`\n${pad}`)}`;
  }

  #scalar(node: Extract<WildNode, { kind: "scalar" }>, indent: number): string {
    const { text, style: look, note } = node;
    const pad = " ".repeat(indent + this.#style.step);
    const lines = text.split("\n").map((line) => `${pad}${line}`);
    if (look === 4) return ` |${note ? "- # block" : ""}\n${lines.join("\n")}`;
    if (look === 5) return ` >${note ? "-" : "+"}\n${lines.join("\n")}`;
    const [anchor, name] = this.#anchor();
    if (name !== undefined) this.#values.push(name);
    return `${anchor} ${this.#quoted(text, look)}${note ? " # note" : ""}`;
  }

  #flow(node: WildNode): string {
    if (node.kind === "scalar") return this.#quoted(node.text, node.style === 1 ? 1 : 2);
    if (node.kind === "raw") return node.text;
    if (node.kind === "list")
      return `[${node.items.map((item) => this.#flow(item) || "~").join(", ")}]`;
    if (node.kind === "alias") return this.#values.length > 0 ? `*${this.#values.at(-1)} ` : "null";
    const entries = node.entries.map(([key, value]) => `${this.#key(key)}: ${this.#flow(value)}`);
    return `{${this.#style.gaps ? " " : ""}${entries.join(" , ")}}`;
  }

  #quoted(text: string, look: number): string {
    if (look === 1 && !text.includes("\n")) return `'${text.replaceAll("'", "''")}'`;
    const isPlain = /^[a-z0-9ü][^\n#"']*$/i.test(text) && !text.includes(": ");
    return look === 0 && isPlain ? text : JSON.stringify(text);
  }

  #anchor(): readonly [string, string | undefined] {
    if (!this.#style.anchors) return ["", undefined];
    this.#anchors += 1;
    const name = `a${this.#anchors}`;
    return [` &${name}`, name];
  }
}
