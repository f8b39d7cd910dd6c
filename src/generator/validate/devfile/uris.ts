import type { Rule } from "../rule.ts";
import type { DevfileContent } from "./content.ts";
import { childOf, textAt } from "./placed-text.ts";
import { uriFault } from "./uri.ts";

/** Parity: ValidateComponents (ValidateURI) in validation/components.go of devfile/api. */
const manifests: Rule<DevfileContent> = {
  name: "uri",
  *check({ components, variables }) {
    for (const { kind, body } of components) {
      if (kind !== "kubernetes" && kind !== "openshift") continue;
      const uri = textAt(childOf(body, "uri"));
      const filled = uri && variables.fillIn(uri.text);
      const fault = filled ? uriFault(filled) : undefined;
      if (uri === undefined || fault === undefined) continue;
      yield {
        severity: "error",
        at: uri.node.position(),
        message: `"${filled}" is no uri: ${fault}`,
        hint: "Use a path relative to the devfile, or an address",
      };
    }
  },
};

/** Rules on the addresses that components name. */
export const uriRules: readonly Rule<DevfileContent>[] = [manifests];
