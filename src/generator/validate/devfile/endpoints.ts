import type { Rule } from "../rule.ts";
import type { Component } from "./component.ts";
import type { DevfileContent } from "./content.ts";
import { numberAt } from "./placed-text.ts";

const PORT_MAX = 65_535;
const INT64_MAX = 2n ** 63n - 1n;
const DECIMAL = /^[+-]?[1-9][0-9]*$/;

/**
 * Parity: validateDuplicatedName in validation/endpoints.go of devfile/api: names of endpoints are
 * unique in the whole devfile, over containers, kubernetes and openshift components.
 */
const names: Rule<DevfileContent> = {
  name: "endpoint-duplicate",
  *check({ components }) {
    const owners = new Map<string, Component>();
    for (const component of components.filter(isValidated)) {
      for (const { name } of component.endpoints) {
        if (name === undefined) continue;
        const owner = owners.get(name.text);
        owners.set(name.text, owner ?? component);
        if (owner === undefined) continue;
        const where = owner === component ? "this component" : `"${owner.name?.text ?? ""}"`;
        yield {
          severity: "error",
          at: name.node.position(),
          message: `${where} has an endpoint named "${name.text}", too`,
          hint: "Give each endpoint of the devfile a name of its own",
        };
      }
    }
  },
};

/**
 * Parity: validateDuplicatedPort in validation/endpoints.go of devfile/api: two containers, even
 * with pods of their own, cannot have one port; two endpoints of one container can.
 */
const ports: Rule<DevfileContent> = {
  name: "endpoint-port",
  *check({ components }) {
    const owners = new Map<number, Component>();
    for (const component of components.filter(({ kind }) => kind === "container")) {
      for (const { node } of component.endpoints) {
        const target = node.get("targetPort");
        const port = numberAt(target);
        if (port === undefined) continue;
        const owner = owners.get(port) ?? component;
        owners.set(port, owner);
        if (owner === component) continue;
        yield {
          severity: "error",
          at: target.position(),
          message: `the container "${owner.name?.text ?? ""}" has the target port ${port}, too`,
          hint: "Let each container listen on other ports",
        };
      }
    }
  },
};

/**
 * Parity: the library takes every port that fits in 64 bits; nothing can listen on most. What does
 * not fit is told of with the other numbers that cannot be read.
 */
const range: Rule<DevfileContent> = {
  name: "port-range",
  *check({ components }) {
    for (const { node } of components.flatMap((component) => component.endpoints)) {
      const target = node.get("targetPort");
      const port = numberAt(target);
      if (port === undefined || (port >= 1 && port <= PORT_MAX)) continue;
      if (!fitsInt64(port, target.text() ?? "")) continue;
      yield {
        severity: "warning",
        at: target.position(),
        message: `${target.text()} is no port`,
        hint: `Use a number from 1 to ${PORT_MAX}`,
      };
    }
  },
};

/** Rules on endpoints. */
export const endpointRules: readonly Rule<DevfileContent>[] = [names, ports, range];

/** Looks at the text where a floating point number is not exact enough. */
function fitsInt64(port: number, text: string): boolean {
  if (!Number.isInteger(port)) return false;
  const exact = DECIMAL.test(text) ? BigInt(text.replace("+", "")) : BigInt(port);
  return exact <= INT64_MAX && exact >= -INT64_MAX - 1n;
}

function isValidated({ kind }: Component): boolean {
  return kind === "container" || kind === "kubernetes" || kind === "openshift";
}
