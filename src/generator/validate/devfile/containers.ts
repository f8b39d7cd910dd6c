import type { Rule } from "../rule.ts";
import type { DevfileContent } from "./content.ts";
import { childOf, entriesOf, isTrue, itemsOf, type PlacedText, textAt } from "./placed-text.ts";

const RESERVED_ENV = ["PROJECT_SOURCE", "PROJECTS_ROOT"];
const ANNOTATIONS = ["deployment", "service"];

/** Parity: ValidateComponents (ReservedEnvError) in validation/components.go of devfile/api. */
const reservedEnv: Rule<DevfileContent> = {
  name: "env-reserved",
  *check({ components, variables }) {
    for (const { kind, body } of components) {
      if (kind !== "container") continue;
      for (const variable of itemsOf(childOf(body, "env"))) {
        const name = textAt(childOf(variable, "name"));
        const filled = name && variables.fillIn(name.text);
        if (name === undefined || !RESERVED_ENV.includes(filled ?? "")) continue;
        yield {
          severity: "error",
          at: name.node.position(),
          message: `the environment variable ${filled} is reserved: clients set it`,
          hint: "Set the path of the sources by sourceMapping, or use another name",
        };
      }
    }
  },
};

/** Parity: the library takes a name twice; which value counts is up to the client. */
const uniqueEnv: Rule<DevfileContent> = {
  name: "env-duplicate",
  *check({ components, commands }) {
    for (const { kind, body } of [...components, ...commands]) {
      if (kind !== "container" && kind !== "exec") continue;
      const seen = new Set<string>();
      for (const variable of itemsOf(childOf(body, "env"))) {
        const name = textAt(childOf(variable, "name"));
        if (name === undefined) continue;
        if (seen.has(name.text)) {
          const message = `the environment variable ${name.text} is set twice`;
          const hint = "Remove the one that is not meant";
          yield { severity: "warning", at: name.node.position(), message, hint };
        }
        seen.add(name.text);
      }
    }
  },
};

/**
 * Parity: ValidateComponents (AnnotationConflictError) in validation/components.go of devfile/api:
 * containers without a pod of their own share one, so their annotations must agree.
 */
const annotations: Rule<DevfileContent> = {
  name: "annotation-conflict",
  *check({ components }) {
    for (const type of ANNOTATIONS) {
      const values = new Map<string, PlacedText>();
      for (const { kind, body } of components) {
        if (kind !== "container" || isTrue(childOf(body, "dedicatedPod"))) continue;
        for (const [key, node] of entriesOf(childOf(childOf(body, "annotation"), type))) {
          const value = textAt(node);
          if (value === undefined) continue;
          const other = values.get(key) ?? value;
          values.set(key, other);
          if (other.text === value.text) continue;
          yield {
            severity: "error",
            at: node.position(),
            message: `the ${type} annotation ${key} is "${other.text}" at another container`,
            hint: "Give it one value, or set dedicatedPod: true at the container",
          };
        }
      }
    }
  },
};

/** Rules on the environment and annotations of containers. */
export const containerRules: readonly Rule<DevfileContent>[] = [
  reservedEnv,
  uniqueEnv,
  annotations,
];
