import { describe, expect, test } from "bun:test";
import { imageTarget, imageTargetName } from "../../../src/cli/generate/image-target.ts";

describe("imageTarget", () => {
  test.each([
    ["quay.io/team/index", "quay.io/team/index:latest"],
    ["registry.corp:5000/index:1.0", "registry.corp:5000/index:1.0"],
    ["oci:out", "oci:out:latest"],
    ["oci:./a/b:1.0", "oci:./a/b:1.0"],
    ["docker-archive:image.tar", "docker-archive:image.tar"],
    ["docker-archive:i.tar:index:1", "docker-archive:i.tar:docker.io/library/index:1"],
    ["docker-archive:i.tar:h:5000/index", "docker-archive:i.tar:h:5000/index:latest"],
  ])("reads %s as %s", (text, name) => {
    expect(imageTargetName(imageTarget.parse(text))).toBe(name);
  });

  test.each([
    ["index", "The form is HOST"],
    ["quay.io/Team/index", "The form is HOST"],
    [`quay.io/team/index@sha256:${"a".repeat(64)}`, "The digest follows from the image"],
    ["oci:", "The form is oci:DIR[:TAG]"],
    ["oci:out:", "The form is oci:DIR[:TAG]"],
    ["oci:out:a/b:1", '"a/b:1" is no tag'],
    ["docker-archive:", "The form is docker-archive:FILE[:NAME:TAG]"],
    ["docker-archive:a.tar:", "The form is docker-archive:FILE[:NAME:TAG]"],
    ["docker-archive:a.tar:B", "B"],
  ])("refuses %s: %s", (text, message) => {
    const parsed = imageTarget.safeParse(text);
    expect(parsed.error?.issues[0]?.message).toContain(message);
  });
});
