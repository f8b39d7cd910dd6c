import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  assignTargets,
  formatMapping,
  keepAliveTag,
  type PathStyle,
  sourceRepository,
  targetImage,
} from "../../src/airgap/target-paths.ts";
import { digestOf, isRepositoryName, isTag } from "../../src/oci-client/index.ts";

const DIGEST = digestOf(new Uint8Array([1]));
const UDI = "quay.io/devfile/udi:ubi9";
const NGINX = "docker.io/library/nginx:1.27";

function names(images: readonly string[], options: Parameters<typeof assignTargets>[1]) {
  return Object.fromEntries(assignTargets(images, options));
}

describe("assignTargets()", () => {
  test("puts each repository below the host it comes from", () => {
    expect(names([UDI, NGINX, `quay.io/devfile/udi@${DIGEST}`], { prefix: "mirror" })).toEqual({
      "docker.io/library/nginx": "mirror/docker.io/library/nginx",
      "quay.io/devfile/udi": "mirror/quay.io/devfile/udi",
    });
    expect(names([UDI], { prefix: "" })).toEqual({ "quay.io/devfile/udi": "quay.io/devfile/udi" });
  });

  test.each([
    ["localhost:5000/a/b:1", /^p\/localhost_5000\/a\/b$/],
    ["Registry.Corp:443/a:1", /^p\/registry\.corp_443\/a$/],
    ["xn--bcher-kva.example/a:1", /^p\/xn--bcher-kva\.example\/a$/],
    ["[::1]:5000/a/b:1", /^p\/ip6-1_5000\/a\/b-[0-9a-f]{8}$/],
    ["[2001:db8::7]/a:1", /^p\/ip6-2001-db8-7\/a-[0-9a-f]{8}$/],
  ])("makes a valid name of %s", (image, expected) => {
    const [name = ""] = assignTargets([image], { prefix: "p" }).values();
    expect(name).toMatch(expected);
    expect(isRepositoryName(name)).toBe(true);
  });

  test("leaves out the host, or all but the last part", () => {
    expect(names([UDI, NGINX], { prefix: "team", style: "path" })).toEqual({
      "docker.io/library/nginx": "team/library/nginx",
      "quay.io/devfile/udi": "team/devfile/udi",
    });
    expect(names([UDI, NGINX], { prefix: "team", style: "flat" })).toEqual({
      "docker.io/library/nginx": "team/nginx",
      "quay.io/devfile/udi": "team/udi",
    });
  });

  test("turns to flat names where the target allows no deeper ones", () => {
    expect([...assignTargets([UDI], { prefix: "team", maxDepth: 4 }).values()]).toEqual([
      "team/quay.io/devfile/udi",
    ]);
    expect([...assignTargets([UDI], { prefix: "team", maxDepth: 2 }).values()]).toEqual([
      "team/udi",
    ]);
  });

  test("refuses what is deeper than allowed", () => {
    expect(() => assignTargets([UDI], { prefix: "a/b", maxDepth: 2 })).toThrow(
      'Cannot name "quay.io/devfile/udi" at the target: "a/b/udi" has 3 parts, 2 are allowed',
    );
    expect(() => assignTargets([UDI], { prefix: "a", style: "host-path", maxDepth: 2 })).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
  });

  test("gives names that would meet a suffix of their own, whatever else is there", () => {
    const two = ["quay.io/a/app:1", "ghcr.io/b/app:1"];
    const named = names(two, { prefix: "p", style: "flat" });
    expect(named["quay.io/a/app"]).toMatch(/^p\/app-[0-9a-f]{8}$/);
    expect(named["ghcr.io/b/app"]).toMatch(/^p\/app-[0-9a-f]{8}$/);
    const three = names([...two, "aaa.io/c/app:1", UDI], { prefix: "p", style: "flat" });
    expect(three).toMatchObject(named);
    expect(three["quay.io/devfile/udi"]).toBe("p/udi");
  });

  test("keeps out of the names of the devfile registry itself", () => {
    const images = ["quay.io/devfile-catalog/go:1", "quay.io/devreg/index:latest"];
    expect(Object.values(names(images, { prefix: "", style: "path" }))).toEqual([
      expect.stringMatching(/^devfile-catalog\/go-[0-9a-f]{8}$/),
      expect.stringMatching(/^devreg\/index-[0-9a-f]{8}$/),
    ]);
  });

  test("gives way when a suffixed name is another's own name", () => {
    const two = ["quay.io/a/app:1", "ghcr.io/b/app:1"];
    const taken = names(two, { prefix: "", style: "flat" })["quay.io/a/app"];
    const named = assignTargets([...two, `x.io/${taken}:1`], { prefix: "", style: "flat" });
    expect(new Set(named.values()).size).toBe(3);
  });

  test("cuts long names and tells them apart", () => {
    const long = `quay.io/${"a".repeat(120)}/${"b".repeat(100)}`;
    const named = assignTargets([`${long}c:1`, `${long}d:1`], { prefix: "p" });
    expect(new Set(named.values()).size).toBe(2);
    for (const name of named.values()) expect(name).toMatch(/^p\/quay\.io\/a+\/b+-[0-9a-f]{8}$/);
    expect(() => assignTargets([`${long}:1`], { prefix: "p".repeat(250) })).toThrow("too long");
  });

  test("gives every repository one valid name of its own, whatever the order", () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,4}(?:[._-][a-z0-9]{1,60})?$/);
    const host = fc.constantFrom("quay.io", "docker.io", "localhost:5000", "[::1]:5000", "[::1]");
    const image = fc
      .tuple(host, fc.array(part, { minLength: 1, maxLength: 4 }))
      .map(([registry, parts]) => `${registry}/${parts.join("/")}:1`);
    const style = fc.constantFrom<PathStyle>("host-path", "path", "flat");
    fc.assert(
      fc.property(fc.array(image, { maxLength: 20 }), style, fc.boolean(), (images, used, deep) => {
        const prefix = deep ? "team/mirror" : "";
        const named = assignTargets(images, { prefix, style: used });
        expect(new Set(named.values()).size).toBe(new Set(images.map(sourceRepository)).size);
        for (const name of named.values()) {
          expect(isRepositoryName(name)).toBe(true);
          expect(name.startsWith(prefix)).toBe(true);
        }
        expect(assignTargets([...images].reverse(), { prefix, style: used })).toEqual(named);
      }),
    );
  });
});

describe("targetImage()", () => {
  const targets = assignTargets([UDI], { prefix: "m" });

  test("keeps the tag and the digest that an image is named by", () => {
    expect(targetImage(UDI, targets, "r:5000")).toBe("r:5000/m/quay.io/devfile/udi:ubi9");
    const other = digestOf(new Uint8Array([2]));
    expect(targetImage(`quay.io/devfile/udi@${DIGEST}`, targets, "r:5000", other)).toBe(
      `r:5000/m/quay.io/devfile/udi@${other}`,
    );
    expect(() => targetImage(NGINX, targets, "r")).toThrow("it has no place");
  });

  test("writes mappings sorted by source", () => {
    const all = assignTargets([UDI, NGINX], { prefix: "m" });
    expect(formatMapping([{ image: UDI }, { image: NGINX }], all, "r:5000")).toBe(
      "docker.io/library/nginx:1.27=r:5000/m/docker.io/library/nginx:1.27\n" +
        "quay.io/devfile/udi:ubi9=r:5000/m/quay.io/devfile/udi:ubi9\n",
    );
  });
});

describe("keepAliveTag()", () => {
  test("is a tag that names the digest", () => {
    expect(keepAliveTag(DIGEST)).toBe(`devreg-sha256-${DIGEST.slice(7)}`);
    const long = keepAliveTag(digestOf(new Uint8Array(), "sha512"));
    expect(isTag(long)).toBe(true);
    expect(long).toHaveLength(128);
  });
});
