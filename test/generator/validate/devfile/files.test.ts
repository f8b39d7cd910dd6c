import { describe, expect, test } from "bun:test";
import { devfileText, generateFiles } from "../../../support/registry-repository.ts";

describe("manifest-missing", () => {
  test("tells of a manifest that is not beside the devfile", async () => {
    expect(await manifestFindings("deploy/here.yaml")).toEqual([]);
    expect(await manifestFindings("./deploy/../deploy/here.yaml")).toEqual([]);
    expect(await manifestFindings("https://files.example/a.yaml")).toEqual([]);
    expect(await manifestFindings("{{where}}/a.yaml")).toEqual([]);
    expect(await manifestFindings("deploy/there.yaml")).toEqual([
      'there is no file "deploy/there.yaml" beside the devfile',
    ]);
    expect(await manifestFindings("../../other/deploy.yaml")).toEqual([
      '"../../other/deploy.yaml" lies outside of the folder of devfile.yaml',
    ]);
  });
});

async function manifestFindings(uri: string): Promise<readonly string[]> {
  const component = `components:\n  - name: k8s\n    kubernetes:\n      uri: "${uri}"\n`;
  const { report } = await generateFiles({
    "stacks/go/devfile.yaml": devfileText({}, component),
    "stacks/go/deploy/here.yaml": "kind: Service",
    "stacks/other/deploy.yaml": "kind: Service",
  });
  const found = report.findings.filter(({ rule }) => rule === "manifest-missing");
  expect(found.every(({ severity, line }) => severity === "warning" && line !== undefined)).toBe(
    true,
  );
  return found.map(({ message }) => message);
}
