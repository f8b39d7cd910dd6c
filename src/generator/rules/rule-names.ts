import type { Finding, ReportFinding } from "../findings.ts";
import { nearWord } from "../validate/index.ts";
import type { YamlNode } from "../yaml/index.ts";
import { OFFICIAL_RULES } from "./official-rules.ts";
import { OWN_RULE, OWN_RULES, type RulesFile } from "./rules-file.ts";

/**
 * Tells of names of rules that nothing has. Of a repository's own rules all are known, so that is an
 * error; devreg may get further rules, so an unknown one of its own is a warning.
 */
export function checkRuleNames(file: RulesFile, root: YamlNode, report: ReportFinding): void {
  const own = [
    ...Object.values(OWN_RULES),
    ...file.schemas.map(({ name }) => `${OWN_RULE}${name}`),
  ];
  const check = (name: string, place: ReturnType<YamlNode["position"]>) => {
    const isOwn = name.startsWith(OWN_RULE);
    const known = isOwn ? own : OFFICIAL_RULES;
    if (known.includes(name) || name.includes("*")) return;
    const near = nearWord(name, [...own, ...OFFICIAL_RULES]);
    report({
      severity: isOwn ? "error" : "warning",
      rule: "rules-file",
      ...place,
      message: `there is no rule "${name}"`,
      hint:
        near === undefined ? "Reports name the rule of each finding" : `Did you mean "${near}"?`,
    });
  };
  const levels = root.get("severity");
  for (const name of Object.keys(file.severity)) {
    const place = levels.get(name).keyPosition();
    if (name.includes("*")) report(noPattern(name, place));
    else check(name, place);
  }
  for (const [at, { rules }] of file.exempt.entries()) {
    const list = root.find(["exempt", at, "rules"]);
    for (const [index, name] of rules.entries()) check(name, list.find([index]).position());
  }
}

/** A pattern here would have no effect, since rules are looked up by their names. */
function noPattern(name: string, place: ReturnType<YamlNode["position"]>): Finding {
  const message = `"${name}" is a pattern, and severity takes names of rules`;
  const hint = "Name each rule on a line of its own";
  return { severity: "error", rule: "rules-file", ...place, message, hint };
}
