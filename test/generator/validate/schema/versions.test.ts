import { describe, expect, test } from "bun:test";
import { changed, schemaFindings } from "./schema-findings.ts";

/** What is changed of a devfile that follows its schema, into what, and what is found. */
const CASES: readonly (readonly [name: string, from: string, to: string, found: string])[] = [
  [
    "no schema version",
    "schemaVersion: 2.2.2\n",
    "",
    "schema-version 1:1 schemaVersion: schemaVersion is not set (Use one of 2.0.0, 2.1.0, 2.2.0, 2.2.1, 2.2.2, 2.3.0)",
  ],
  [
    "an empty schema version",
    "schemaVersion: 2.2.2",
    "schemaVersion:",
    "schema-version 1:15 schemaVersion: schemaVersion is not set (Use one of 2.0.0, 2.1.0, 2.2.0, 2.2.1, 2.2.2, 2.3.0)",
  ],
  [
    "a schema version of two numbers",
    "schemaVersion: 2.2.2",
    "schemaVersion: 2.2",
    'schema-version 1:16 schemaVersion: the schema version "2.2" is unknown (Use one of 2.0.0, 2.1.0, 2.2.0, 2.2.1, 2.2.2, 2.3.0)',
  ],
  [
    "a schema version of two numbers in quotes",
    "schemaVersion: 2.2.2",
    "schemaVersion: '2.2'",
    'schema-version 1:16 schemaVersion: the schema version "2.2" is unknown (Use one of 2.0.0, 2.1.0, 2.2.0, 2.2.1, 2.2.2, 2.3.0)',
  ],
  [
    "a schema version that is unknown",
    "schemaVersion: 2.2.2",
    "schemaVersion: 2.4.0",
    'schema-version 1:16 schemaVersion: the schema version "2.4.0" is unknown (Use one of 2.0.0, 2.1.0, 2.2.0, 2.2.1, 2.2.2, 2.3.0)',
  ],
  [
    "the version of the API of Go",
    "schemaVersion: 2.2.2",
    "schemaVersion: v1alpha2",
    'schema-version 1:16 schemaVersion: the schema version "v1alpha2" is unknown (Use one of 2.0.0, 2.1.0, 2.2.0, 2.2.1, 2.2.2, 2.3.0)',
  ],
  [
    "a schema version with capital letters behind",
    "schemaVersion: 2.2.2",
    "schemaVersion: 2.2.2-Alpha",
    'schema-version 1:16 schemaVersion: the schema version "2.2.2-Alpha" is unknown (Use one of 2.0.0, 2.1.0, 2.2.0, 2.2.1, 2.2.2, 2.3.0)',
  ],
  [
    "a schema version with an empty end",
    "schemaVersion: 2.2.2",
    "schemaVersion: 2.2.2-",
    'schema-version 1:16 schemaVersion: the schema version "2.2.2-" is unknown (Use one of 2.0.0, 2.1.0, 2.2.0, 2.2.1, 2.2.2, 2.3.0)',
  ],
  [
    "a schema version with a plus",
    "schemaVersion: 2.2.2",
    "schemaVersion: 2.2.2+1",
    'schema-version 1:16 schemaVersion: the schema version "2.2.2+1" is unknown (Use one of 2.0.0, 2.1.0, 2.2.0, 2.2.1, 2.2.2, 2.3.0)',
  ],
  [
    "a schema version that is a list",
    "schemaVersion: 2.2.2",
    "schemaVersion: [2.2.2]",
    "schema-version 1:16 schemaVersion: schemaVersion is not text (Use one of 2.0.0, 2.1.0, 2.2.0, 2.2.1, 2.2.2, 2.3.0)",
  ],
];

describe("schemaRules on schema versions", () => {
  test.each(CASES)("find %s", (_, from, to, found) => {
    expect(schemaFindings(changed(from, to))).toEqual([found]);
  });
});
