import { DevregError } from "../errors.ts";
import { INDEX_BYTES } from "../limits.ts";
import { diffIndex } from "./diff/index.ts";
import type { Finding } from "./findings.ts";
import { parseIndex } from "./index-json.ts";
import type { RegistryIndex } from "./index-schema.ts";
import type { StackSource } from "./stack-source.ts";

const FILE = "index.json";

/**
 * Compares the index.json that a repository may hold with the generated one, which is what counts;
 * each entry that differs is a warning.
 */
export async function compareIndex(source: StackSource, index: RegistryIndex): Promise<Finding[]> {
  let stored: RegistryIndex;
  try {
    stored = parseIndex(await source.read(FILE, INDEX_BYTES), FILE);
  } catch (error) {
    if (!(error instanceof DevregError)) throw error;
    return error.code === "NOT_FOUND" ? [] : [differs(error.message)];
  }
  return differences(stored, index).map(differs);
}

function differences(stored: RegistryIndex, index: RegistryIndex): string[] {
  const [has, wanted] = [stored, index].map((each) => new Set(each.map(({ name }) => name)));
  const { added, removed, changed } = diffIndex(stored, index);
  const states = new Map<string, string[]>();
  const tell = (name: string, what: string) => {
    states.set(name, [...(states.get(name) ?? []), what]);
  };
  for (const { name, version, fields } of changed) {
    const names = fields.map(({ field }) => field).join(", ");
    tell(name, version === undefined ? names : `${names} of ${version}`);
  }
  for (const { name, version = "" } of [...added, ...removed]) tell(name, `version ${version}`);
  return [...states].map(([name, what]) => {
    if (has?.has(name) !== true) return `it has no entry "${name}"`;
    if (wanted?.has(name) !== true) return `its entry "${name}" is not in the repository`;
    return `its entry "${name}" differs from the generated one: ${what.join("; ")}`;
  });
}

function differs(state: string): Finding {
  return {
    severity: "warning",
    rule: "index-differs",
    file: FILE,
    message: state,
    hint: "The repository's own index.json is not used; remove it",
  };
}
