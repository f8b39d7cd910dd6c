import { parseRelease, sortDescending } from "../semver.ts";
import {
  DEPRECATED_TAG,
  type EntryLife,
  isSeenDeprecated,
  type LifeMarks,
  saysDeprecated,
  type VersionLife,
} from "./entry-life.ts";
import type { Issue, Rule } from "./rule.ts";

const spelling: Rule<EntryLife> = {
  name: "deprecated-spelling",
  *check(entry) {
    for (const tag of [entry, ...entry.versions].flatMap(({ tags }) => tags)) {
      const text = tag.text() ?? "";
      if (text === DEPRECATED_TAG || text.trim().toLowerCase() !== "deprecated") continue;
      yield {
        severity: "warning",
        at: tag.position(),
        message: `the tag "${text}" deprecates nothing: readers look for "${DEPRECATED_TAG}"`,
        hint: `Write ${DEPRECATED_TAG}`,
      };
    }
  },
};

const unseen: Rule<EntryLife> = {
  name: "deprecated-unseen",
  *check(entry) {
    for (const [marks, seen] of marksOf(entry)) {
      for (const attribute of marks.attributes) {
        if (seen || !saysDeprecated(attribute)) continue;
        yield {
          severity: "warning",
          at: attribute.position(),
          message: "no reader sees that it is deprecated: they look at tags, not at attributes",
          hint: `Add the tag ${DEPRECATED_TAG}`,
        };
      }
    }
  },
};

const disagrees: Rule<EntryLife> = {
  name: "deprecated-disagrees",
  *check(entry) {
    for (const marks of [entry, ...entry.versions]) {
      if (!isSeenDeprecated(marks)) continue;
      for (const attribute of marks.attributes) {
        if (saysDeprecated(attribute)) continue;
        const key = attribute.path.split(".").at(-1);
        yield {
          severity: "warning",
          at: attribute.position(),
          message: `${key} is "${attribute.text()}", yet by its tag it is deprecated, and readers see the tag`,
          hint: `Remove the tag ${DEPRECATED_TAG}, or change ${key}`,
        };
      }
    }
  },
};

const deprecatedDefault: Rule<EntryLife> = {
  name: "deprecated-default",
  *check({ name, versions }) {
    const chosen = versions.find(({ isDefault }) => isDefault);
    const kept = newestOf(versions.filter((version) => !isSeenDeprecated(version)));
    if (chosen === undefined || kept === undefined || !isSeenDeprecated(chosen)) return;
    if (newestOf([chosen, kept]) !== kept) return;
    yield {
      ...warningAt(chosen),
      message: `the default version "${chosen.version}" is deprecated and "${kept.version}" is not: readers see all of "${name}" as deprecated`,
      hint: `Make "${kept.version}" the default`,
    };
  },
};

const newestDefault: Rule<EntryLife> = {
  name: "default-not-newest",
  *check({ versions }) {
    const chosen = versions.find(({ isDefault }) => isDefault);
    if (chosen === undefined || isSeenDeprecated(chosen)) return;
    const newest = newestOf(versions.filter((version) => !isSeenDeprecated(version)));
    if (newest === undefined || newest.version === chosen.version) return;
    if (parseRelease(chosen.version) === undefined) return;
    yield {
      ...warningAt(chosen),
      message: `the default is version "${chosen.version}" and the newest is "${newest.version}"`,
      hint: `Make "${newest.version}" the default, if it is meant for everybody`,
    };
  },
};

/** Rules on what a stack or sample says of its life: what is deprecated, and what is the default. */
export const lifeRules: readonly Rule<EntryLife>[] = [
  spelling,
  unseen,
  disagrees,
  deprecatedDefault,
  newestDefault,
];

/** Gives an entry and its versions, each with whether readers see that it is deprecated. */
function marksOf(entry: EntryLife): readonly (readonly [LifeMarks, boolean])[] {
  const whole = isSeenDeprecated(entry);
  // The index gives an entry the tags of its default version.
  const shown = whole || entry.versions.some((each) => each.isDefault && isSeenDeprecated(each));
  return [
    [entry, shown],
    ...entry.versions.map((version) => [version, whole || isSeenDeprecated(version)] as const),
  ];
}

function newestOf(versions: readonly VersionLife[]): VersionLife | undefined {
  const released = versions.filter(({ version }) => parseRelease(version) !== undefined);
  return sortDescending(released, ({ version }) => version)[0];
}

function warningAt({ defaultAt }: VersionLife): Pick<Issue, "severity" | "at"> {
  return { severity: "warning", at: defaultAt?.position() ?? { file: "stacks" } };
}
