import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { discoverImages, NO_RULES } from "../../../src/airgap/discover/index.ts";
import { rewriteImages } from "../../../src/airgap/rewrite-images/index.ts";
import { textOf } from "../../../src/bytes.ts";
import { type Build, rerenderBuild } from "../../../src/generator/index.ts";
import { makeOffline } from "../../../src/generator/offline/index.ts";
import { offlineDeps } from "../../support/offline-deps.ts";
import { devfileText, generateFiles } from "../../support/registry-repository.ts";

const WEB = "https://web.example/v1";
const PUBLIC = "https://one.internal";
const DOCKERFILE = "FROM a:1\n";
const MANIFEST = "image: {{CONTAINER_IMAGE}}\n---\nimage: b:{{v}}\n";
const RENAMED = "FROM m.io/docker.io/library/a:1\n";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const read = async ({ files }: Build, path: string) => textOf(await files.read(path));
const OPTIONS = {
  rename: (image: string) => (image.startsWith("docker.io/library/") ? `m.io/${image}` : undefined),
  pin: "written" as const,
  digestOf: () => undefined,
  rules: NO_RULES,
};

/** Two stacks that name the same Dockerfile, one of them a manifest too. */
async function offlineBuild(publicUrl?: string): Promise<Build> {
  const dockerfile = `alpha.build-dockerfile: ${WEB}/Dockerfile`;
  const manifest = `alpha.deployment-manifest: ${WEB}/deploy.yaml`;
  const devfiles = { [`${WEB}/Dockerfile`]: DOCKERFILE, [`${WEB}/deploy.yaml`]: MANIFEST };
  const head = (name: string) => devfileText({ name, icon: "data:,nothing" });
  const { build, report } = await generateFiles(
    {
      "stacks/a/devfile.yaml": `${head("a")}attributes:\n  ${dockerfile}\n  ${manifest}\nvariables: {v: "2"}\n`,
      "stacks/b/devfile.yaml": `${head("b")}attributes:\n  ${dockerfile}\n`,
    },
    {
      offline: (content) =>
        makeOffline(
          content,
          offlineDeps({ devfiles }, publicUrl === undefined ? {} : { publicUrl }),
        ),
    },
  );
  if (build === undefined) throw new Error(JSON.stringify(report.findings));
  return build;
}

describe("documents of an offline build", () => {
  for (const publicUrl of [PUBLIC, undefined]) {
    const when = publicUrl === undefined ? "without" : "with";
    test(`are looked into ${when} a public URL`, async () => {
      const { occurrences } = await discoverImages(await offlineBuild(publicUrl), NO_RULES);
      expect(
        occurrences.map(({ file, image, reason }) => `${file}: ${image ?? reason}`).sort(),
      ).toEqual(
        [
          `documents/${sha256(DOCKERFILE)}/Dockerfile: docker.io/library/a:1`,
          `documents/${sha256(MANIFEST)}/deploy.yaml: the devfile builds it`,
          `documents/${sha256(MANIFEST)}/deploy.yaml: docker.io/library/b:2`,
        ].sort(),
      );
    });

    test(`get another address with other content ${when} a public URL`, async () => {
      const build = await offlineBuild(publicUrl);
      const { build: rewritten, changed } = await rewriteImages(build, OPTIONS);
      expect(changed).toBe(2);
      const [former, now] = [DOCKERFILE, RENAMED].map((each) => `documents/${sha256(each)}`);
      expect(await read(rewritten, `${now}/Dockerfile`)).toBe(RENAMED);
      expect(await rewritten.files.list(now ?? "")).toEqual(["Dockerfile"]);
      expect(await rewritten.files.list(former ?? "")).toEqual([]);
      expect(await rewritten.files.stat(`${former}/Dockerfile`)).toBeUndefined();
      const paths = await rewritten.files.paths();
      expect(paths.filter((path) => path.startsWith("documents/"))).toHaveLength(2);
      expect((await rewriteImages(rewritten, OPTIONS)).changed).toBe(0);

      const shown = await rerenderBuild(rewritten, "https://two.internal");
      for (const name of ["a", "b"]) {
        const devfile = await read(shown, `stacks/${name}/devfile.yaml`);
        expect(devfile).toContain(`alpha.build-dockerfile: https://two.internal/${now}/Dockerfile`);
      }
      if (publicUrl === undefined) return;
      const devfile = await read(rewritten, "stacks/b/devfile.yaml");
      expect(devfile).toContain(`alpha.build-dockerfile: ${PUBLIC}/${now}/Dockerfile`);
    });
  }
});
