import type { DevfileSubject } from "./devfile/index.ts";
import type { Rule } from "./rule.ts";

const KINDS = ["exec", "apply"];

/**
 * Tells of commands that lack a component because an override made them commands of another kind.
 * Only what is flattened can be so: the schema sees to it in a file, and overrides may be partial.
 *
 * Parity: validateCommandComponent of commands.go of devfile/api v2 validation.
 */
export const importedCommand: Rule<DevfileSubject> = {
  name: "command-component",
  *check({ content }) {
    const commands = content.get("commands");
    for (const command of commands.isList ? commands.items() : []) {
      for (const kind of KINDS) {
        const node = command.get(kind);
        if (!node.isMap || node.get("component").present) continue;
        const id = command.get("id");
        yield {
          severity: "error",
          at: node.position(),
          message: `the command "${id.isMap || id.isList ? "" : id.text()}" is ${kind} now and names no component`,
          hint: `Add component below ${kind}`,
        };
      }
    }
  },
};
