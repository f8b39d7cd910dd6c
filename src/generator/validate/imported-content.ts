import type { Devfile } from "../devfile-yaml.ts";
import type { Finding } from "../findings.ts";
import type { YamlNode } from "../yaml/index.ts";
import type { DevfileSubject } from "./devfile/index.ts";
import { importedCommand } from "./imported-command.ts";
import { applyRules, type Rule } from "./rule.ts";

/** What a devfile with a parent or plugins comes to. */
export interface ImportedContent {
  /** The root of the flattened devfile, or its own where that could not be made. */
  readonly content: YamlNode;
  /** Whether it is its own. */
  readonly alone?: boolean;
  /**
   * Places a finding of the content in the author's own file. Undefined for what the author can do
   * nothing about, and what is told elsewhere: warnings of what a parent has.
   */
  place(finding: Finding): Finding | undefined;
}

/** The contents of the devfiles that import others. */
export type ImportedContents = ReadonlyMap<Devfile, ImportedContent>;

/** Applies rules to what devfiles mean: to their own content, or with all that they import. */
export function applyToContents(
  rules: readonly Rule<DevfileSubject>[],
  devfiles: readonly Devfile[],
  imported: ImportedContents,
): Finding[] {
  const alone = devfiles.filter((devfile) => !imported.has(devfile));
  const findings = applyRules(
    rules,
    alone.map((devfile) => ({ devfile, content: devfile.node })),
  );
  for (const devfile of devfiles) {
    const { content, alone: own, place } = imported.get(devfile) ?? {};
    if (content === undefined || place === undefined) continue;
    const more = own === true ? [] : [importedCommand];
    const found = applyRules([...rules, ...more], [{ devfile, content }]);
    findings.push(...found.flatMap((finding) => place(finding) ?? []));
  }
  return findings;
}
