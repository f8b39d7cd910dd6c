import { matchesGlob } from "../../glob.ts";
import { FILE_IMAGES } from "../../mirror-limits.ts";
import { type BuildArguments, declaredArguments, expandArguments } from "./build-arguments.ts";
import { type Instruction, readDockerfile } from "./dockerfile-instructions.ts";
import type { Mention } from "./mention.ts";

/** A word of an instruction, by its place in the instruction's text. */
interface Word {
  readonly text: string;
  readonly at: number;
}

/** What is known at a line of a Dockerfile. */
interface Scope {
  readonly passed: ReadonlyMap<string, string>;
  /** Of the arguments before the first stage. */
  readonly globals: Map<string, string | undefined>;
  /** Of the arguments of the stage; undefined before the first one. */
  stage: Map<string, string | undefined> | undefined;
  /** Names of stages, in lower case; empty for those without. */
  readonly stages: string[];
}

/**
 * Finds the images that a Dockerfile is built from: bases, what is copied or mounted from, and its
 * frontend. Names of stages and `scratch` are among them, as ignored.
 *
 * @param passed build arguments given by whoever builds it
 */
export function findDockerfileMentions(
  text: string,
  passed: ReadonlyMap<string, string> = new Map(),
): readonly Mention[] {
  const { directives, instructions } = readDockerfile(text);
  const scope: Scope = { passed, globals: new Map(), stage: undefined, stages: [] };
  const frontends = directives
    .filter(({ name }) => name === "syntax")
    .map(
      ({ line, value, start }): Mention => ({
        pointer: `line:${line}`,
        start,
        end: start + value.length,
        text: value,
        value,
        kind: "dockerfile",
        role: "frontend of a Dockerfile",
      }),
    );
  const mentions = [...frontends];
  for (const instruction of instructions) {
    mentions.push(...mentionsOf(instruction, scope));
    // One too many says that there are too many.
    if (mentions.length > FILE_IMAGES) break;
  }
  return mentions;
}

function mentionsOf(instruction: Instruction, scope: Scope): readonly Mention[] {
  const words = wordsOf(instruction.text);
  const [first, second] = words;
  const isTrigger = first?.text.toUpperCase() === "ONBUILD";
  const keyword = (isTrigger ? second : first)?.text.toUpperCase();
  const rest = words.slice(isTrigger ? 2 : 1);
  if (keyword === "FROM") return fromStage(rest, instruction, scope);
  if (keyword === "ARG") declare(rest, instruction, scope);
  const flags = rest.slice(0, countFlags(rest));
  if (keyword === "COPY" || keyword === "ADD") {
    return flags
      .flatMap((flag) => afterPrefix(flag, /^--from=/))
      .map((word) => mention(word, "copied from in a Dockerfile", instruction, scope));
  }
  if (keyword !== "RUN") return [];
  return flags
    .filter((flag) => flag.text.startsWith("--mount="))
    .flatMap((flag) => afterPrefix(flag, /^(?:--mount=|.*,)from=/, /,.*$/))
    .map((word) => mention(word, "mounted in a Dockerfile", instruction, scope));
}

function fromStage(words: readonly Word[], instruction: Instruction, scope: Scope): Mention[] {
  const [image, as, name] = words.slice(countFlags(words));
  const found = image === undefined ? [] : [mention(image, BASE, instruction, scope)];
  const isNamed = as?.text.toUpperCase() === "AS";
  scope.stages.push(isNamed && name !== undefined ? name.text.toLowerCase() : "");
  scope.stage = new Map();
  return found;
}

const BASE = "base of a Dockerfile";

function declare(words: readonly Word[], { text }: Instruction, scope: Scope): void {
  const [first] = words;
  if (first === undefined) return;
  for (const { name, value } of declaredArguments(text.slice(first.at))) {
    const inherited = scope.stage === undefined ? undefined : scope.globals.get(name);
    const expanded = value === undefined ? inherited : expandArguments(value, seen(scope)).value;
    (scope.stage ?? scope.globals).set(name, scope.passed.get(name) ?? expanded);
  }
}

/** A base may use what stands before all stages only; where it is asked there is no harm in more. */
function seen({ globals, stage }: Scope): BuildArguments {
  return stage === undefined ? globals : new Map([...globals, ...stage]);
}

function mention(word: Word, role: string, instruction: Instruction, scope: Scope): Mention {
  const values = role === BASE ? scope.globals : seen(scope);
  const { value, missing } = expandArguments(word.text, values);
  const ignored = ignoredAs(word.text, value, missing !== undefined, role, scope);
  return {
    pointer: `line:${instruction.line}`,
    start: instruction.offsetOf(word.at),
    end: instruction.offsetOf(word.at + word.text.length - 1) + 1,
    text: word.text,
    value,
    kind: "dockerfile",
    role,
    ...(ignored === undefined ? {} : { ignored }),
    ...(missing === undefined ? {} : { missing }),
  };
}

function ignoredAs(
  text: string,
  value: string,
  isOpen: boolean,
  role: string,
  { stages }: Scope,
): string | undefined {
  if (value === "scratch") return "scratch is no image";
  // "base-${TARGETARCH}" means one of the stages "base-amd64" and "base-arm64".
  const name = isOpen ? openName(text) : value;
  const isStage = stages.some((stage) => stage !== "" && matchesGlob(name.toLowerCase(), stage));
  const isNumber = role !== BASE && /^[0-9]+$/.test(value) && Number(value) < stages.length;
  return isStage || isNumber ? "a stage of the same Dockerfile" : undefined;
}

function openName(text: string): string {
  return text.replace(/\$\{[^{}]*\}|\$[A-Za-z_][A-Za-z0-9_]*/g, "*");
}

/** Takes quotes off, as the builder does. */
function wordsOf(text: string): Word[] {
  return [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => {
    const quoted = /^(["'])(.+)\1$/.exec(word)?.[2];
    return quoted === undefined ? { text: word, at: index } : { text: quoted, at: index + 1 };
  });
}

function countFlags(words: readonly Word[]): number {
  const count = words.findIndex(({ text }) => !text.startsWith("--"));
  return count < 0 ? words.length : count;
}

/** Gives what stands behind a prefix of a flag, if it is there. */
function afterPrefix(flag: Word, prefix: RegExp, rest = /$^/): readonly Word[] {
  const before = prefix.exec(flag.text)?.[0];
  if (before === undefined) return [];
  const value = flag.text.slice(before.length).replace(rest, "");
  return value === "" ? [] : [{ text: value, at: flag.at + before.length }];
}
