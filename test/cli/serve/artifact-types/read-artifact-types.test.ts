import { describe, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  parseArtifactTypes,
  readArtifactTypes,
} from "../../../../src/cli/serve/artifact-types/read-artifact-types.ts";
import { formatIssue, InputError } from "../../../../src/errors.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const GOOD = `types:
  - id: policy
    text: Policy
    match: [application/vnd.example.policy*]
    action: conftest pull oci://{name}:{tag}
    scan: files
`;

function issuesOf(source: string): readonly string[] {
  try {
    parseArtifactTypes("types.yaml", source);
  } catch (error) {
    if (error instanceof InputError) return error.issues.map(formatIssue);
    throw error;
  }
  return [];
}

describe("parseArtifactTypes()", () => {
  test("reads YAML and JSON, and fills in what is left out", () => {
    const type = {
      id: "policy",
      text: "Policy",
      icon: "unknown",
      match: ["application/vnd.example.policy*"],
      action: "conftest pull oci://{name}:{tag}",
      scan: "files",
    } as const;
    expect(parseArtifactTypes("types.yaml", GOOD)).toEqual([type]);
    expect(parseArtifactTypes("types.json", JSON.stringify({ types: [type] }))).toEqual([type]);
  });

  test.each([
    ["an unknown key", GOOD.replace("scan:", "scam:"), "types.yaml:6:5: types.0.scam: "],
    ["an unknown place", GOOD.replace("{tag}", "{tga}"), "types.yaml:5:13: types.0.action: {tga}"],
    ["a bad id", GOOD.replace("id: policy", "id: Our Policy"), "types.yaml:2:9: types.0.id: "],
    ["a star inside", GOOD.replace("policy*", "*.policy"), "types.yaml:4:13: types.0.match.0: "],
    [
      "no match",
      GOOD.replace("    match: [application/vnd.example.policy*]\n", ""),
      "types.0.match",
    ],
    ["broken YAML", "types: [\n", "types.yaml:"],
    ["no types", "", "types: "],
    ["ids twice", GOOD + GOOD.slice("types:\n".length), 'types.1.id: "policy" is there twice'],
    ["a line break in a command", GOOD.replace(/conftest.*/, '"a\\nb"'), "has a line break"],
  ])("refuses %s and says where", (_, source, told) => {
    expect(issuesOf(source).join("\n")).toContain(told);
  });
});

describe("readArtifactTypes()", () => {
  test("says which file cannot be read", async () => {
    const folder = await temporaryFolder();
    try {
      await writeFile(join(folder.path, "types.yaml"), GOOD);
      const edge = { cwd: folder.path };
      expect((await readArtifactTypes(edge, "types.yaml")).length).toBe(1);
      expect(readArtifactTypes(edge, "none.yaml")).rejects.toThrow(
        'Cannot read --artifact-types "none.yaml": no such file or directory',
      );
      expect(readArtifactTypes(edge, ".")).rejects.toThrow("it is a folder");
    } finally {
      await folder.remove();
    }
  });
});
