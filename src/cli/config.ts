import { parseArgs } from "node:util";
import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import { DevregError } from "../errors.ts";
import type { Command, Invocation } from "./command.ts";
import { envTwin, type Flag, type Flags, flagName } from "./flag.ts";

/** Where a raw value came from, as the user typed it: "--poll" or "DEVREG_POLL". */
interface RawValue {
  readonly origin: string;
  readonly value: string | readonly string[];
}

const SUGGEST_DISTANCE = 3;

/** Gives the word the user probably meant; undefined when none is near. */
export function suggest(word: string, words: readonly string[]): string | undefined {
  if (words.length === 0) return undefined;
  const best = closest(word, words);
  return distance(word, best) <= Math.min(SUGGEST_DISTANCE, word.length - 1) ? best : undefined;
}

/**
 * Checks a command's words: flags over environment over defaults.
 *
 * @throws {DevregError} USAGE naming every problem by what the user typed
 */
export function resolveConfig(
  command: Command,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Invocation<Flags> {
  const problems: string[] = [];
  const { typed, operands } = readArgv(command, argv, problems);
  const raw = new Map<string, RawValue>();
  for (const [property, flag] of Object.entries(command.flags)) {
    const found = typed.get(property) ?? fromEnv(property, flag, env);
    if (found !== undefined) raw.set(property, found);
  }
  checkArity(command, operands, problems);
  const config = parseValues(command.flags, raw, problems);
  if (problems.length > 0) throw usageError(command, problems);
  return { config, operands };
}

function readArgv(command: Command, argv: readonly string[], problems: string[]) {
  const properties = new Map(Object.keys(command.flags).map((key) => [flagName(key), key]));
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([property, flag]) => [
      flagName(property),
      {
        type: flag.kind === "switch" ? ("boolean" as const) : ("string" as const),
        ...(flag.short === undefined ? {} : { short: flag.short }),
      },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const typed = new Map<string, RawValue>();
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const property = properties.get(token.name);
    if (property === undefined) problems.push(unknownFlag(token.rawName, [...properties.keys()]));
    else addTyped(typed, property, command.flags[property], token, problems);
  }
  return { typed, operands };
}

function unknownFlag(rawName: string, names: readonly string[]): string {
  const near = suggest(rawName.replace(/^-+/, ""), names);
  return `unknown flag ${rawName}${near === undefined ? "" : `, did you mean --${near}?`}`;
}

function addTyped(
  typed: Map<string, RawValue>,
  property: string,
  flag: Flag | undefined,
  token: { readonly rawName: string; readonly value?: string | undefined },
  problems: string[],
): void {
  const origin = token.rawName;
  if (flag?.kind === "switch") {
    typed.set(property, { origin, value: token.value ?? "true" });
  } else if (token.value === undefined || (token.value.startsWith("--") && token.value !== "--")) {
    problems.push(`${origin} needs a value${flag?.placeholder ? `: ${flag.placeholder}` : ""}`);
  } else if (flag?.kind === "list") {
    const before = typed.get(property)?.value ?? [];
    typed.set(property, { origin, value: [...before, token.value] });
  } else {
    typed.set(property, { origin, value: token.value });
  }
}

function fromEnv(
  property: string,
  flag: Flag,
  env: Readonly<Record<string, string | undefined>>,
): RawValue | undefined {
  for (const origin of [envTwin(property), ...(flag.env ?? [])]) {
    const value = env[origin];
    if (value === undefined || value === "") continue;
    return { origin, value: flag.kind === "list" ? value.trim().split(/\s+/) : value };
  }
  return undefined;
}

function checkArity(command: Command, operands: readonly string[], problems: string[]): void {
  const { min, max } = command.arity;
  if (operands.length < min) problems.push(`${command.operands} is missing`);
  if (operands.length > max) {
    problems.push(`unexpected argument "${operands[max]}": at most ${max} can be given`);
  }
}

function parseValues(
  flags: Flags,
  raw: ReadonlyMap<string, RawValue>,
  problems: string[],
): Record<string, unknown> {
  const schema = z.strictObject(
    Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, flag.schema])),
  );
  const input = Object.fromEntries(Object.keys(flags).map((name) => [name, raw.get(name)?.value]));
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const property = String(issue.path[0]);
    const origin = raw.get(property)?.origin ?? `--${flagName(property)}`;
    problems.push(`${origin}: ${innermost(issue)}`);
  }
  return {};
}

/** A union hides what its closest branch said; that is what the user wants to read. */
function innermost(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_union") return issue.message;
  const inner = issue.errors.flat().find((each) => each.code === "custom");
  return inner?.message ?? issue.message;
}

function usageError(command: Command, problems: readonly string[]): DevregError {
  return new DevregError("USAGE", `Cannot run ${command.name}: ${problems.join("; ")}`, {
    hint: `See devreg ${command.name} --help`,
  });
}
