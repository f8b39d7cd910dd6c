import fc from "fast-check";
import { stringify } from "yaml";
import { utf8 } from "../../src/bytes.ts";

/** A devfile in which most ways to write YAML are there at least once. */
export const RICH_DEVFILE = `# A comment before everything
schemaVersion: 2.2.0
metadata:
  name: java-maven # behind a value
  version: 1.10
  displayName: 'It''s "Maven"'
  description: "A text of more lines,
    folded \\"twice\\"

    and \\u00e9 with an empty line"
  tags: [Java, "Maven", 'a b']
  architectures: []
  website: https://example.com/a#b?c=d
  provider: Plain text that goes
    on in the next line
variables: {one: 1, "two": "x", three: {four: [4, five]}}
attributes:
  empty:
  nothing: ~
  yes: on
  octal: 0777
  date: 2025-01-01
starterProjects:
- name: first
  git:
    remotes: {origin: "https://example.com/x.git"}
-
  name: second
  zip: {location: 'https://example.com/x.zip'}
components:
  - name: tools
    container:
      image: quay.io/x/y:1.0
      command: ["sh", "-c"]
      args:
        - |
          set -e
            echo "indented"

          echo done
        - >-
          folded text
          of two lines

          and a paragraph
      env:
        - {name: A, value: "1"}
        - name: B
          value: 'b: c # d'
  # A comment between items
  - name: volume
    volume:
      size: 1Gi
commands:
  - - nested
    - list
  - id: build
    exec: {commandLine: mvn -B package, component: tools}
events:
  postStart: []
`;

/** Pieces that mean something in YAML. */
const BITS = (
  "\n|\n  |\n    | |  |:|: |-|- |#| # c|'|\"|[|]|{|}|, |,|>|>-|?|? |&a |*a|!t |!!str |\t|\r\n|\\|" +
  "\\n|\\u00e9|a|b|key|1|yes|~|null|1.10|%|@|`|<<|<<: |---\n|---|...|=|é|\u{1f600}|- - |x: |[]|{}|" +
  "0x1f|2025-01-01|190:20:30|.5|1e3|e9|.|+1|-1|1_2|0o7|\u00a0|\ufeff|''|\"\"|k: v\n|\n\n|{{x}}|//|\u0001"
)
  .split("|")
  .concat("|", "|-\n", "|+\n  x\n", "|2", " \n", "\r");

const anyBit = fc.constantFrom(...BITS);

interface Edit {
  readonly at: number;
  readonly drop: number;
  readonly put: string;
  readonly line: "keep" | "drop" | "repeat";
}

const anyEdit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  drop: fc.constantFrom(0, 0, 1, 2, 5),
  put: anyBit,
  line: fc.constantFrom("keep", "keep", "keep", "drop", "repeat"),
});

function edited(text: string, { at, drop, put, line }: Edit): string {
  if (line === "keep") {
    const from = Math.floor(at * (text.length + 1));
    return text.slice(0, from) + put + text.slice(from + drop);
  }
  const lines = text.split("\n");
  const from = Math.floor(at * lines.length);
  const again = line === "drop" ? [] : [lines[from] ?? "", lines[from] ?? ""];
  return lines.toSpliced(from, 1, ...again).join("\n");
}

/** Some lines of a devfile, moved to the left margin. */
const somePart = fc
  .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 20 }))
  .map(([at, count]) => {
    const all = RICH_DEVFILE.split("\n");
    const lines = all.slice(Math.floor(at * all.length)).slice(0, count);
    const indents = lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
    return lines.map((line) => line.slice(Math.min(...indents, 80))).join("\n");
  });

const someEdited = fc
  .tuple(
    fc.oneof(
      { weight: 1, arbitrary: fc.constant(RICH_DEVFILE) },
      { weight: 4, arbitrary: somePart },
    ),
    fc.array(anyEdit, { maxLength: 4 }),
    fc.boolean(),
  )
  .map(([text, edits, crlf]) => {
    const after = edits.reduce(edited, text);
    return crlf ? after.replaceAll("\n", "\r\n") : after;
  });

const someBits = fc
  .tuple(fc.constantFrom("", "a: ", "a:\n  - "), fc.array(anyBit, { minLength: 1, maxLength: 24 }))
  .map(([start, bits]) => start + bits.join(""));

const someRendered = fc
  .tuple(
    fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 6 }),
    fc.record({
      indent: fc.constantFrom(1, 2, 4),
      lineWidth: fc.constantFrom(0, 20, 80),
      singleQuote: fc.constantFrom(null, true, false),
      indentSeq: fc.boolean(),
      defaultStringType: fc.constantFrom(
        "PLAIN" as const,
        "QUOTE_SINGLE" as const,
        "QUOTE_DOUBLE" as const,
        "BLOCK_LITERAL" as const,
        "BLOCK_FOLDED" as const,
      ),
      collectionStyle: fc.constantFrom("any" as const, "flow" as const),
    }),
  )
  .map(([value, style]) => stringify(value, style));

/** Gives texts that are YAML, nearly YAML, or made of its pieces. */
export const anyYamlText: fc.Arbitrary<string> = fc
  .oneof(someEdited, someBits, someRendered)
  // What was decoded from bytes has no half of a character.
  .map((text) => text.toWellFormed());

/** Gives files of such texts, some with bytes that are no UTF-8. */
export const anyYamlFile: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 8, arbitrary: anyYamlText.map(utf8) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyYamlText.map(utf8), fc.uint8Array({ minLength: 1, maxLength: 4 }), fc.nat(500))
      .map(([bytes, noise, at]) =>
        Uint8Array.from([...bytes.subarray(0, at), ...noise, ...bytes.subarray(at)]),
      ),
  },
);
