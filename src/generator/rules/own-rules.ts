import { matchesGlob } from "../../glob.ts";
import type { Finding } from "../findings.ts";
import type { ReadRules } from "./read-rules.ts";
import { type Exemption, OWN_RULE, RULES_FILE } from "./rules-file.ts";

/** How many findings a repository's own rules took away. */
export interface Overruled {
  /** In files that are exempted. */
  readonly exempted: number;
  /** Of rules that are off. */
  readonly silenced: number;
}

/** Say something only where the network was asked, so an exemption from them may wait. */
const NETWORK_RULES = /^(?:icon|image|parent|sample|source|version)-/;

/** What a repository wants to be made of findings. What is official and an error stays one. */
export class OwnRules {
  readonly #rules: ReadRules;
  readonly #used = new Set<Exemption>();
  /** Rules of official errors that the file would have less of. */
  readonly #kept = new Set<string>();
  #exempted = 0;
  #silenced = 0;

  constructor(rules: ReadRules) {
    this.#rules = rules;
  }

  /** Gives findings as they count in this repository. */
  judge(findings: readonly Finding[]): Finding[] {
    return findings.flatMap((finding) => this.#judgeOne(finding));
  }

  /** Tells of exemptions that nothing needed, once all findings were judged. */
  unused(): Finding[] {
    const { file, node } = this.#rules;
    return file.exempt.flatMap((exemption, at): Finding[] => {
      if (this.#used.has(exemption) || exemption.rules.some(isFromNetwork)) return [];
      const place = node.find(["exempt", at]).position();
      const message = "nothing is exempted by this any more";
      const hint = "Remove it, or mend its paths and rules";
      return [{ severity: "warning", rule: "exemption-unused", ...place, message, hint }];
    });
  }

  /** Tells of errors that the file would have less of. */
  kept(): Finding[] {
    return [...this.#kept].map((name) => ({
      severity: "warning",
      rule: "severity-kept",
      ...this.#rules.node.get("severity").get(name).position(),
      message: `errors of the rule "${name}" stay errors: the Go generator refuses them`,
      hint: "Mend what is wrong, or publish the rest with --force",
    }));
  }

  /** How much was taken away so far. */
  get overruled(): Overruled {
    return { exempted: this.#exempted, silenced: this.#silenced };
  }

  #judgeOne(finding: Finding): Finding[] {
    const { rule, severity, file } = finding;
    if (file === RULES_FILE) return [finding];
    const isOwn = rule.startsWith(OWN_RULE);
    const level = this.#rules.file.severity[rule];
    if (!isOwn && severity === "error") {
      if (level === "warning" || level === "off") this.#kept.add(rule);
      return [finding];
    }
    const exemption = this.#rules.file.exempt.find((each) => isExempted(finding, each));
    if (exemption !== undefined) {
      this.#used.add(exemption);
      this.#exempted += 1;
      return [];
    }
    if (level !== "off") return [level === undefined ? finding : { ...finding, severity: level }];
    this.#silenced += 1;
    return [];
  }
}

function isExempted({ rule, file }: Finding, { paths, rules }: Exemption): boolean {
  return (
    rules.some((pattern) => matchesGlob(pattern, rule)) &&
    paths.some((pattern) => matchesGlob(pattern.replaceAll("**", "*"), file))
  );
}

function isFromNetwork(rule: string): boolean {
  return NETWORK_RULES.test(rule);
}

/** Rules of several repositories, by what each is called where there are several. */
export type AllOwnRules = readonly (readonly [string | undefined, OwnRules])[];

/** Judges findings, each by the rules of the repository that it is of. */
export function judgeAll(all: AllOwnRules, findings: readonly Finding[]): Finding[] {
  return findings.flatMap((finding) => {
    const [, rules] = all.find(([source]) => source === finding.source) ?? [];
    return rules?.judge([finding]) ?? [finding];
  });
}

/** Tells of what in the files of all repositories has no effect. */
export function allLeftovers(all: AllOwnRules, kind: "unused" | "kept"): Finding[] {
  return all.flatMap(([source, rules]) =>
    rules[kind]().map((each) => (source === undefined ? each : { source, ...each })),
  );
}

/** Adds up what was taken away; undefined where no repository has rules. */
export function allOverruled(all: AllOwnRules): Overruled | undefined {
  if (all.length === 0) return undefined;
  const sum = (pick: (each: Overruled) => number) =>
    all.reduce((total, [, { overruled }]) => total + pick(overruled), 0);
  return { exempted: sum((each) => each.exempted), silenced: sum((each) => each.silenced) };
}
