import { describe, expect, test } from "bun:test";
import { DevregError } from "../../src/errors.ts";
import { formatImage, isUntagged, parseImageReference } from "../../src/oci-client/index.ts";

const HEX = "a".repeat(64);

describe("formatImage()", () => {
  test.each([
    ["nginx", "docker.io/library/nginx:latest"],
    ["nginx:1.27", "docker.io/library/nginx:1.27"],
    ["docker.io/nginx", "docker.io/library/nginx:latest"],
    ["index.docker.io/bitnami/mongodb:7", "docker.io/bitnami/mongodb:7"],
    ["registry-1.docker.io/nginx", "docker.io/library/nginx:latest"],
    [`bitnami/mongodb@sha256:${HEX}`, `docker.io/bitnami/mongodb@sha256:${HEX}`],
    ["quay.io/devfile/udi", "quay.io/devfile/udi:latest"],
    ["localhost/udi:1", "localhost/udi:1"],
    ["registry:5000/udi", "registry:5000/udi:latest"],
    [`quay.io/a/b:1@sha256:${HEX}`, `quay.io/a/b:1@sha256:${HEX}`],
    ["a.b/c/d/e:f", "a.b/c/d/e:f"],
    ["a_b/c__d", "docker.io/a_b/c__d:latest"],
  ])("%s is %s", (text, full) => {
    expect(formatImage(text)).toBe(full);
    expect(formatImage(full)).toBe(full);
  });

  test.each(["", "Nginx", "nginx:", "a//b", "nginx:a b", "quay.io/", "a@sha256:1", "https://a/b"])(
    'refuses "%s" and names it as it is written',
    (text) => {
      const attempt = () => formatImage(text);
      expect(attempt).toThrow(DevregError);
      expect(attempt).toThrow(`Cannot read image "${text}"`);
    },
  );
});

test("isUntagged() is true where neither a tag nor a digest is written", () => {
  const images = ["nginx", "a.b:5000/c", "nginx:latest", `nginx@sha256:${HEX}`];
  expect(images.map(isUntagged)).toEqual([true, true, false, false]);
});

test("parseImageReference() gives the parts of the full name", () => {
  expect(parseImageReference("nginx:1")).toEqual({
    registry: "docker.io",
    repository: "library/nginx",
    tag: "1",
  });
});
