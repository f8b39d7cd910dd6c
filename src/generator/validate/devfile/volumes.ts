import type { Rule } from "../rule.ts";
import type { DevfileContent } from "./content.ts";
import { childOf, has, itemsOf, textAt } from "./placed-text.ts";
import { suggestName } from "./suggest.ts";

/** Parity: ValidateComponents (MissingVolumeMountError) in validation/components.go of devfile/api. */
const mounts: Rule<DevfileContent> = {
  name: "volume-unknown",
  *check({ components, componentsByName, hasAllComponents }) {
    const volumes = components.filter(({ kind }) => kind === "volume");
    const names = new Set(volumes.flatMap(({ name }) => name?.text ?? []));
    for (const { kind, body } of components) {
      if (kind !== "container") continue;
      for (const mount of itemsOf(childOf(body, "volumeMounts"))) {
        const name = textAt(childOf(mount, "name"));
        if (name === undefined || names.has(name.text)) continue;
        const other = componentsByName.get(name.text);
        if (other === undefined && !hasAllComponents) continue;
        yield {
          severity: "error",
          at: name.node.position(),
          message:
            other?.kind === undefined
              ? `the volume "${name.text}" is unknown`
              : `"${name.text}" is a component of kind ${other.kind}, no volume`,
          hint: suggestName(name.text, names) ?? "Add a volume component of that name",
        };
      }
    }
  },
};

/** Parity: the library takes two volumes at one path; only one of them can be seen there. */
const paths: Rule<DevfileContent> = {
  name: "mount-path-duplicate",
  *check({ components, variables }) {
    for (const { kind, body } of components) {
      if (kind !== "container") continue;
      const seen = new Set<string>();
      for (const mount of itemsOf(childOf(body, "volumeMounts"))) {
        const given = textAt(childOf(mount, "path")) ?? textAt(childOf(mount, "name"));
        if (given === undefined || given.text === "") continue;
        const path = has(mount, "path") ? variables.fillIn(given.text) : `/${given.text}`;
        const message = `another volume is mounted at "${path}"`;
        const hint = "Mount each volume at a path of its own";
        if (seen.has(path)) yield { severity: "warning", at: given.node.position(), message, hint };
        seen.add(path);
      }
    }
  },
};

/** Rules on the volumes that containers mount. */
export const volumeRules: readonly Rule<DevfileContent>[] = [mounts, paths];
