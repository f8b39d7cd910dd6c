import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { parse } from "yaml";
import { type Build, type GenerateResult, rerenderBuild } from "../../../src/generator/index.ts";
import { type MakeOfflineOptions, makeOffline } from "../../../src/generator/offline/index.ts";
import { readStackArchive } from "../../../src/generator/stack-archive.ts";
import { offlineDeps } from "../../support/offline-deps.ts";
import {
  devfileText,
  generateFiles,
  type RepositoryFiles,
  tellingLines,
} from "../../support/registry-repository.ts";

const [ONE, TWO] = ["https://one.internal", "http://two.internal:8080/registry"];
const WEB = "https://web.example/v1";
const HELD = "data:,nothing";
const DEVFILES = {
  [`${WEB}/Dockerfile`]: "FROM scratch\n",
  [`${WEB}/app deploy.yaml`.replace(" ", "%20")]: "kind: Deployment\n",
  [`${WEB}/base.yaml`]: `schemaVersion: 2.2.0\nmetadata: {name: base}\ncomponents:\n  - name: k\n    kubernetes: {uri: "${WEB}/Dockerfile"}\n`,
};
const ATTRIBUTES = `attributes:
  alpha.build-dockerfile: ${WEB}/Dockerfile
  alpha.deployment-manifest: ${WEB}/app%20deploy.yaml
`;
const COMPONENTS = `components:
  - name: image
    image: {imageName: x, dockerfile: {uri: '${WEB}/Dockerfile'}}
  - name: deploy
    kubernetes: {uri: ${WEB}/app%20deploy.yaml}
`;
const SAMPLES = `samples:
  - name: hello
    displayName: Hello
    description: Says it
    tags: [Go]
    projectType: go
    language: Go
    icon: "${HELD}"
    git: {remotes: {origin: 'https://git.example/h'}}
`;
const sha256 = (text: string | undefined) =>
  createHash("sha256")
    .update(text ?? "")
    .digest("hex");
const DOCKERFILE = `documents/${sha256(DEVFILES[`${WEB}/Dockerfile`])}/Dockerfile`;
const MANIFEST = `documents/${sha256("kind: Deployment\n")}/app_deploy.yaml`;

const files = (rest: string): RepositoryFiles => ({
  "stacks/java/devfile.yaml": devfileText({ name: "java", icon: HELD }, rest),
});

async function offline(
  repository: RepositoryFiles,
  options: Partial<MakeOfflineOptions> = {},
  devfiles: Readonly<Record<string, string>> = DEVFILES,
): Promise<GenerateResult & { readonly asked: readonly string[] }> {
  const deps = offlineDeps({ devfiles }, options);
  const result = await generateFiles(repository, {
    offline: (content) => makeOffline(content, deps),
  });
  return { ...result, asked: deps.asked };
}

function built({ build, report }: GenerateResult): Build {
  if (build === undefined) throw new Error(JSON.stringify(report.findings, null, 2));
  return build;
}

const textIn = async (build: Build, path: string) =>
  Buffer.from(await build.files.read(path)).toString();

async function archiveOf(build: Build, folder: string): Promise<Record<string, string>> {
  const bytes = await build.files.read(`${folder}/archive.tar`);
  const archived = await readStackArchive([{ name: "archive.tar", bytes }]);
  return Object.fromEntries(
    archived.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()]),
  );
}

describe("makeOffline() of documents", () => {
  test("stores those of attributes, and lets the attributes point there", async () => {
    const result = await offline(files(ATTRIBUTES), { publicUrl: ONE });
    const build = built(result);
    expect(result.asked.toSorted()).toEqual([`${WEB}/Dockerfile`, `${WEB}/app%20deploy.yaml`]);
    expect(await textIn(build, DOCKERFILE)).toBe("FROM scratch\n");
    expect(await textIn(build, MANIFEST)).toBe("kind: Deployment\n");
    expect(parse(await textIn(build, "stacks/java/devfile.yaml")).attributes).toEqual({
      "alpha.build-dockerfile": `${ONE}/${DOCKERFILE}`,
      "alpha.deployment-manifest": `${ONE}/${MANIFEST}`,
    });
    expect(build.info?.offline).toMatchObject({
      documents: 0,
      documentFiles: {
        [`${WEB}/Dockerfile`]: DOCKERFILE.slice("documents/".length),
        [`${WEB}/app%20deploy.yaml`]: MANIFEST.slice("documents/".length),
      },
    });
  });

  test("puts those of components into the archive of a stack, beside what is there", async () => {
    const repository = { ...files(COMPONENTS), "stacks/java/docs/read.me": "more\n" };
    const result = await offline(repository, { publicUrl: ONE });
    const build = built(result);
    expect(await build.files.paths()).toEqual([
      "stacks/java/archive.tar",
      "stacks/java/devfile.yaml",
    ]);
    expect(build.index[0]?.versions?.[0]?.resources).toEqual(["archive.tar", "devfile.yaml"]);
    expect(await archiveOf(build, "stacks/java")).toEqual({
      "./docs/read.me": "more\n",
      [`./${DOCKERFILE}`]: "FROM scratch\n",
      [`./${MANIFEST}`]: "kind: Deployment\n",
    });
    const { components } = parse(await textIn(build, "stacks/java/devfile.yaml"));
    expect(components[0].image.dockerfile.uri).toBe(DOCKERFILE);
    expect(components[1].kubernetes.uri).toBe(MANIFEST);
    expect(build.info?.offline).toMatchObject({ documents: 0, documentFiles: {} });
  });

  test("puts those of a sample beside its devfile", async () => {
    const repository = {
      ...files(""),
      "samples/hello/devfile.yaml": devfileText({ name: "hello", icon: HELD }, COMPONENTS),
      "extraDevfileEntries.yaml": SAMPLES,
    };
    const deps = offlineDeps({
      devfiles: DEVFILES,
      projects: { "https://git.example/h": { f: "" } },
    });
    const { build } = await generateFiles(repository, {
      offline: (content) => makeOffline(content, deps),
    });
    const paths = await build?.files.paths();
    expect(paths).toContain(`samples/hello/${DOCKERFILE}`);
    expect(paths).toContain(`samples/hello/${MANIFEST}`);
  });

  test("fetches each once, whoever names it, those of flattened parents too", async () => {
    const repository = {
      ...files(`${ATTRIBUTES}${COMPONENTS}`),
      "stacks/child/devfile.yaml": devfileText(
        { name: "child", icon: HELD },
        `parent: {uri: "${WEB}/base.yaml"}\n`,
      ),
    };
    const result = await offline(repository, { publicUrl: ONE });
    expect(result.asked).toHaveLength(new Set(result.asked).size);
    const build = built(result);
    expect(await archiveOf(build, "stacks/child")).toEqual({
      [`./${DOCKERFILE}`]: "FROM scratch\n",
    });
    expect(
      parse(await textIn(build, "stacks/child/devfile.yaml")).components[0].kubernetes,
    ).toEqual({
      uri: DOCKERFILE,
    });
  });

  test("stores documents without a public URL, and counts the attributes that wait", async () => {
    const build = built(await offline(files(ATTRIBUTES)));
    expect(build.info?.offline?.documents).toBe(2);
    expect(await build.files.paths()).toContain(DOCKERFILE);
    expect(await textIn(build, "stacks/java/devfile.yaml")).toContain(ATTRIBUTES);
    const moved = await rerenderBuild(build, TWO);
    expect(moved.info?.offline?.documents).toBe(0);
    expect(parse(await textIn(moved, "stacks/java/devfile.yaml")).attributes).toEqual({
      "alpha.build-dockerfile": `${TWO}/${DOCKERFILE}`,
      "alpha.deployment-manifest": `${TWO}/${MANIFEST}`,
    });
    const back = await rerenderBuild(moved, ONE);
    const direct = built(await offline(files(ATTRIBUTES), { publicUrl: ONE }));
    const path = "stacks/java/devfile.yaml";
    expect(await textIn(back, path)).toBe(await textIn(direct, path));
    expect(back.info?.stacks).toEqual(direct.info?.stacks ?? {});
  });

  test("is the same build whether it is made from devfiles or from rewritten ones", async () => {
    const first = built(await offline(files(`${ATTRIBUTES}${COMPONENTS}`), { publicUrl: ONE }));
    const folder: Record<string, string | Uint8Array> = {};
    for (const name of ["archive.tar", "devfile.yaml"]) {
      folder[`stacks/java/${name}`] = await first.files.read(`stacks/java/${name}`);
    }
    const again = built(await offline(folder, { publicUrl: ONE }));
    expect(again.info?.stacks).toEqual(first.info?.stacks ?? {});
    expect(await again.files.paths()).toEqual(await first.files.paths());
  });

  test("says what cannot be had, and where it is named", async () => {
    const broken = `${ATTRIBUTES}${COMPONENTS.replace("/Dockerfile", "/{{gone}}/Dockerfile")}`;
    const { [`${WEB}/Dockerfile`]: _, ...fewer } = DEVFILES;
    const result = await offline(files(broken), { publicUrl: ONE }, fewer);
    expect(result.build).toBeUndefined();
    expect(tellingLines(result)).toEqual([
      "error document-unreachable stacks/java/devfile.yaml:10 attributes.alpha.build-dockerfile",
      "error document-unreachable stacks/java/devfile.yaml:14 components[0].image.dockerfile.uri",
      "warning variable-undefined stacks/java/devfile.yaml:14 components[0].image.dockerfile.uri",
    ]);
    const [first, second] = result.report.findings.filter(({ rule }) =>
      rule.startsWith("document"),
    );
    expect(first?.message).toContain(`Cannot fetch "${WEB}/Dockerfile"`);
    expect(second?.message).toContain('"{{gone}}" has no value');
  });
});
