import { DevregError } from "../../../src/errors.ts";
import type { ParentDeps } from "../../../src/generator/parents/index.ts";

/** Gives devfiles by uri, or by "id@version" of a registry; each with its own address as base. */
export function servedDevfiles(devfiles: Readonly<Record<string, string>>): ParentDeps & {
  readonly asked: string[];
} {
  const asked: string[] = [];
  return {
    asked,
    fetchDevfile: async (reference) => {
      const isUri = reference.kind === "uri";
      const name = isUri ? reference.uri : `${reference.id}@${reference.version ?? "default"}`;
      asked.push(name);
      const text = devfiles[name];
      if (text === undefined) throw new DevregError("NOT_FOUND", `Cannot find "${name}"`);
      return {
        text,
        base: isUri ? reference.uri : `https://registry.example.com/devfiles/${name}`,
      };
    },
  };
}
