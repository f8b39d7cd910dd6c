/** What a pattern of the schema asks for, and what would follow it. */
interface PatternWords {
  readonly wanted: string;
  readonly hint: (text: string) => string;
}

const NAME: PatternWords = {
  wanted: 'lower-case letters, digits and "-", with a letter or digit at both ends',
  hint: (text) => {
    const name = nameLike(text);
    return name === "" ? "For example my-tools" : `For example ${name}`;
  },
};
const VERSION: PatternWords = {
  wanted: "a version as in 1.0.0 or 1.0.0-beta.1",
  hint: versionHint,
};
const PARENT_VERSION: PatternWords = {
  wanted: 'a version as in 1.0.0, or "latest"',
  hint: () => "For example latest",
};

const WORDS: readonly (readonly [start: string, words: PatternWords])[] = [
  ["^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", NAME],
  ["^([0-9]+)\\.", VERSION],
  ["^(latest)|", PARENT_VERSION],
];

/** Says what a pattern of the schema asks for; by itself where no words are known for it. */
export function patternWords(pattern: string): PatternWords {
  const [, words] = WORDS.find(([start]) => pattern.startsWith(start)) ?? [];
  return (
    words ?? { wanted: `what follows ${pattern}`, hint: () => `Follow the pattern ${pattern}` }
  );
}

function nameLike(text: string): string {
  const plain = text
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  return plain.replaceAll(/^-+|-+$/g, "");
}

/** Gives a version that is like a text. */
export function versionHint(text: string): string {
  return `For example ${versionLike(text)}`;
}

/** 1.2 becomes 1.2.0, v1.2.3 becomes 1.2.3. */
function versionLike(text: string): string {
  const numbers = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(text);
  return numbers === null ? "1.0.0" : [1, 2, 3].map((at) => numbers[at] ?? "0").join(".");
}
