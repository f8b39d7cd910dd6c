import { describe, expect, test } from "bun:test";
import { fillAction, namesOf, pullHostOf } from "../../../src/server/artifacts/action.ts";
import type { Artifact } from "../../../src/server/artifacts/artifact.ts";
import { UNKNOWN_TYPE } from "../../../src/server/artifacts/shipped-types.ts";
import { ABSENT_DIGEST } from "../../support/sample-content.ts";

const ARTIFACT: Artifact = {
  repository: "charts/web",
  digest: ABSENT_DIGEST,
  tags: ["1.2.3", "latest"],
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  type: UNKNOWN_TYPE,
  sizeBytes: 1,
  platforms: [],
  annotations: {},
  referrers: [],
  moreReferrers: 0,
};

describe("fillAction()", () => {
  const names = namesOf(ARTIFACT, { host: "reg.example:5000", isPlain: false });

  test.each([
    ["docker pull {reference}", "docker pull reg.example:5000/charts/web:1.2.3"],
    ["trivy image {pinned}", `trivy image reg.example:5000/charts/web@${ABSENT_DIGEST}`],
    [
      "helm pull oci://{name} --version {tag}",
      "helm pull oci://reg.example:5000/charts/web --version 1.2.3",
    ],
    ["{registry} {repository} {digest}", `reg.example:5000 charts/web ${ABSENT_DIGEST}`],
    ["echo {nothing}", "echo {nothing}"],
    [undefined, undefined],
  ])("of %p is %p", (template, command) => {
    expect(fillAction(template, names)).toBe(command);
  });

  test.each([
    ["http://reg.example:5000", "oras pull --plain-http reg.example:5000/charts/web:1.2.3"],
    ["https://reg.example", "oras pull reg.example/charts/web:1.2.3"],
  ])("tells clients of %s whether there is TLS", (origin, command) => {
    const from = pullHostOf({ origin, base: "/base", isFixed: true });
    expect(fillAction("oras pull {plain}{reference}", namesOf(ARTIFACT, from))).toBe(command);
  });

  test("has no command that needs a tag where there is none", () => {
    const untagged = namesOf({ ...ARTIFACT, tags: [] }, { host: "reg.example", isPlain: false });
    expect(fillAction("x {tag}", untagged)).toBeUndefined();
    expect(fillAction("x {reference}", untagged)).toBe(`x reg.example/charts/web@${ABSENT_DIGEST}`);
  });
});
