import type { Rule } from "../rule.ts";
import { commandRules } from "./commands.ts";
import { compositeRules } from "./composite.ts";
import { containerRules } from "./containers.ts";
import { type DevfileContent, readContent } from "./content.ts";
import { duplicateRules } from "./duplicates.ts";
import { endpointRules } from "./endpoints.ts";
import { eventRules } from "./events.ts";
import { groupRules } from "./groups.ts";
import { projectRules } from "./projects.ts";
import { quantityRules } from "./quantities.ts";
import type { DevfileSubject } from "./subject.ts";
import { uriRules } from "./uris.ts";
import { variableRules } from "./variables.ts";
import { volumeRules } from "./volumes.ts";

export { besideRules } from "./files.ts";
export type { DevfileSubject } from "./subject.ts";
export { uriFault } from "./uri.ts";

const RULES: readonly Rule<DevfileContent>[] = [
  ...duplicateRules,
  ...commandRules,
  ...groupRules,
  ...compositeRules,
  ...eventRules,
  ...containerRules,
  ...quantityRules,
  ...volumeRules,
  ...endpointRules,
  ...uriRules,
  ...projectRules,
  ...variableRules,
];

/** What each devfile says; it is read once for all rules. */
const CONTENTS = new WeakMap<DevfileSubject, DevfileContent>();

/** Rules for what a devfile means, beyond the shape that its schema gives. */
export const devfileMeaningRules: readonly Rule<DevfileSubject>[] = RULES.map((rule) => ({
  name: rule.name,
  check: (subject) => rule.check(contentOf(subject)),
}));

function contentOf(subject: DevfileSubject): DevfileContent {
  const known = CONTENTS.get(subject) ?? readContent(subject);
  CONTENTS.set(subject, known);
  return known;
}
