import { DevregError } from "../errors.ts";
import { INDEX_BYTES } from "../limits.ts";
import type { Finding } from "./findings.ts";
import { formatEntry, parseIndex } from "./index-json.ts";
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
  const storedEntries = entriesByName(stored);
  const generated = entriesByName(index);
  const names = new Set([...storedEntries.keys(), ...generated.keys()]);
  return [...names].flatMap((name) => {
    const [before, after] = [storedEntries.get(name), generated.get(name)];
    if (before === after) return [];
    if (before === undefined) return [differs(`it has no entry "${name}"`)];
    if (after === undefined) return [differs(`its entry "${name}" is not in the repository`)];
    return [differs(`its entry "${name}" differs from the generated one`)];
  });
}

/** Gives the printed entries of each name, joined where several share one. */
function entriesByName(index: RegistryIndex): Map<string, string> {
  const entries = new Map<string, string>();
  for (const entry of index) {
    entries.set(entry.name, `${entries.get(entry.name) ?? ""}${formatEntry(entry)}`);
  }
  return entries;
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
