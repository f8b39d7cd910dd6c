import type { ReportFinding } from "../findings.ts";
import type { YamlNode } from "../yaml/index.ts";
import { compileSchema, type JudgeValue } from "./json-schema.ts";
import { OWN_RULE, OWN_RULES, type RulesFile } from "./rules-file.ts";

/** A JSON Schema that devfiles or entries of the index are to fit. */
export interface CompiledFragment {
  /** "repo/<name>" */
  readonly rule: string;
  readonly of: "devfile" | "entry";
  readonly hint: string | undefined;
  readonly judge: JudgeValue;
}

/** Compiles the schemas of a repository's rules; those with mistakes are reported and left out. */
export function compileFragments(
  { schemas }: RulesFile,
  root: YamlNode,
  report: ReportFinding,
): readonly CompiledFragment[] {
  const taken = new Set<string>(Object.values(OWN_RULES));
  return schemas.flatMap(({ name, of, schema, hint }, at) => {
    const node = root.get("schemas").find([at]);
    const rule = `${OWN_RULE}${name}`;
    if (taken.has(rule)) {
      const message = `the name "${name}" is taken by another rule`;
      const at = node.get("name").position();
      report({ severity: "error", rule: "rules-file", ...at, message, hint: "Choose another" });
    }
    taken.add(rule);
    const { judge, mistakes } = compileSchema(schema);
    for (const { path, message, hint: help, ofKey } of mistakes) {
      const wrong = node.get("schema").find(path);
      const place = ofKey === true ? wrong.keyPosition() : wrong.position();
      report({ severity: "error", rule: "rules-file", ...place, message, hint: help });
    }
    return mistakes.length > 0 ? [] : [{ rule, of, hint, judge }];
  });
}
