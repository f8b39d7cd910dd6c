import type { z } from "zod";
import { RULES_BYTES } from "../../check-limits.ts";
import { DevregError } from "../../errors.ts";
import { typeInWords } from "../../schema-issue.ts";
import type { Finding, ReportFinding } from "../findings.ts";
import type { StackSource } from "../stack-source.ts";
import { nearWord } from "../validate/index.ts";
import { parseYaml, type YamlNode } from "../yaml/index.ts";
import { type CompiledFragment, compileFragments } from "./fragments.ts";
import { checkRuleNames } from "./rule-names.ts";
import { KNOWN_KEYS, RULES_FILE, type RulesFile, rulesSchema } from "./rules-file.ts";

/** The rules of a repository, as read. */
export interface ReadRules {
  readonly file: RulesFile;
  readonly fragments: readonly CompiledFragment[];
  /** Of the file, to say where in it something is. */
  readonly node: YamlNode;
  readonly findings: readonly Finding[];
}

/** What a rule of devreg says of the file itself. */
export const FILE_RULE = "rules-file";

/**
 * Reads devreg.rules.yaml; undefined where the repository has none, and only findings where it is
 * broken: every mistake with its place.
 *
 * @throws {DevregError} IO
 */
export async function readRules(
  source: StackSource,
): Promise<ReadRules | Pick<ReadRules, "findings"> | undefined> {
  const findings: Finding[] = [];
  const report: ReportFinding = (finding) => findings.push(finding);
  const bytes = await readFile(source, report);
  if (bytes === undefined) return findings.length === 0 ? undefined : { findings };
  const node = parseYaml(RULES_FILE, bytes, report);
  if (node === undefined) return { findings };
  const parsed = rulesSchema.safeParse(node.value() ?? {});
  if (!parsed.success) {
    findings.push(...parsed.error.issues.flatMap((issue) => issueFindings(issue, node)));
    return { findings };
  }
  const file = parsed.data;
  const fragments = compileFragments(file, node, report);
  checkRuleNames(file, node, report);
  return { file, fragments, node, findings };
}

async function readFile(
  source: StackSource,
  report: ReportFinding,
): Promise<Uint8Array | undefined> {
  try {
    return await source.read(RULES_FILE, RULES_BYTES);
  } catch (error) {
    if (!(error instanceof DevregError)) throw error;
    if (error.code === "NOT_FOUND") return undefined;
    const { message } = error;
    report({ severity: "error", rule: FILE_RULE, file: RULES_FILE, message });
    return undefined;
  }
}

function issueFindings(issue: z.core.$ZodIssue, root: YamlNode): Finding[] {
  const path = issue.path.filter((part) => typeof part !== "symbol");
  const node = root.find(path);
  if (issue.code !== "unrecognized_keys") {
    const words = isEmpty(root, path) ? EMPTY : wordsOf(issue, node);
    return [{ severity: "error", rule: FILE_RULE, ...node.position(), ...words }];
  }
  const place = path.map((part) => (typeof part === "number" ? "[]" : part)).join("");
  return issue.keys.map((key) => ({
    severity: "error",
    rule: FILE_RULE,
    ...node.get(key).keyPosition(),
    message: `the key "${key}" means nothing here`,
    hint: suggestion(key, KNOWN_KEYS[place] ?? []),
  }));
}

const EMPTY = { message: "is empty", hint: "Fill it, or remove it" };

/** Tells whether a key is there without a value. */
function isEmpty(root: YamlNode, path: readonly (string | number)[]): boolean {
  const above = root.find(path.slice(0, -1));
  const key = path.at(-1);
  if (root.find(path).present || !above.isMap) return false;
  return above.entries().some(([name]) => name === key);
}

function wordsOf(issue: z.core.$ZodIssue, node: YamlNode): Pick<Finding, "message" | "hint"> {
  if (!node.present) return { message: "is missing", hint: "Add it" };
  if (issue.code === "invalid_type") {
    const wanted = typeInWords(issue.expected);
    const quoted = wanted === "text" && node.isScalar;
    return {
      message: `is not ${wanted}`,
      hint: quoted ? `Quote it: "${node.text()}"` : `Make it ${wanted}`,
    };
  }
  if (issue.code === "invalid_value") {
    const known = issue.values.map(String);
    const shown = node.isScalar ? `"${node.text()}" ` : "";
    return {
      message: `${shown}is not known here`,
      hint: suggestion(node.isScalar ? (node.text() ?? "") : "", known),
    };
  }
  if (issue.code === "too_small") return EMPTY;
  return { message: issue.message };
}

function suggestion(word: string, known: readonly string[]): string {
  const near = nearWord(word, known);
  return near === undefined ? `Known here: ${known.join(", ")}` : `Did you mean "${near}"?`;
}
