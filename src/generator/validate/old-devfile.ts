import type { Devfile } from "../devfile-yaml.ts";
import type { Rule } from "./rule.ts";

const MIGRATION = "https://devfile.io/docs/2.3.0/migrating-to-devfile-v2";

/** Tells whether a devfile is one of version 1, which has an apiVersion and no schemaVersion. */
export function isOldDevfile({ node }: Devfile): boolean {
  return !node.get("schemaVersion").present && node.get("apiVersion").present;
}

/** Tells of a devfile of version 1, of which all other rules understand nothing. */
export const oldDevfile: Rule<Devfile> = {
  name: "devfile-v1",
  *check(devfile) {
    if (!isOldDevfile(devfile)) return;
    const version = devfile.node.get("apiVersion");
    const text = version.isMap || version.isList ? "" : ` ${version.text()}`;
    yield {
      severity: "error",
      at: version.position(),
      message: `this is a devfile of version 1 (apiVersion${text}), which nothing reads any more`,
      hint: `Migrate it to schemaVersion 2.3.0: ${MIGRATION}`,
    };
  },
};
