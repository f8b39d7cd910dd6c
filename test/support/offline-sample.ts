import { zipSync } from "fflate";
import { OutsideWorld, type ProjectFiles } from "./outside-world.ts";
import { devfileText, type RepositoryFiles, stackText } from "./registry-repository.ts";

/** A registry repository with one of each kind of reference, and the world that it points at. */
export interface OfflineSample {
  readonly world: OutsideWorld;
  readonly files: RepositoryFiles;
  /** The files of each starter project and sample, by where the strict client finds it. */
  readonly trees: Readonly<Record<string, ProjectFiles>>;
  /** The digest of each icon is that of these bytes. */
  readonly icons: readonly Uint8Array[];
}

const GIT = "https://git.example";
const WEB = "https://web.example";
const KNOWN = "https://registry.devfile.io";

const TREE: ProjectFiles = {
  "README.md": "whole\n",
  "run.sh": "#!/bin/sh\nexit 0\n",
  "src/main.txt": "main\n",
  latest: "-> src/main.txt",
};
const PART: ProjectFiles = { "part.txt": "only this\n", "deep/er.txt": "deeper\n" };
const TAGGED: ProjectFiles = { "README.md": "tagged\n" };

const starter = (name: string, source: string, more = "") => `  - name: ${name}\n${source}${more}`;
const git = (path: string, revision = "") =>
  [
    "    git:\n",
    revision === "" ? "" : `      checkoutFrom: {revision: '${revision}'}\n`,
    `      remotes:\n        origin: ${GIT}/${path}   # where it is\n`,
  ].join("");
const zip = (address: string) => `    zip:\n      location: "${address}"\n`;
const starters = (...each: string[]) => `starterProjects:\n${each.join("")}`;
const image = "components:\n  - name: tools\n    container: {image: 'quay.io/tools/go:1.10'}\n";

/** Lays the sample out; the world's content goes into a folder. */
export async function offlineSample(folder: string): Promise<OfflineSample> {
  const world = new OutsideWorld(folder);
  const nested = Object.fromEntries(
    Object.entries(PART).map(([path, text]) => [`a/part/${path}`, text]),
  );
  await world.addRepository(`${GIT}/group/web.git`, {
    main: { ...TREE, ...nested },
    "1.10": TAGGED,
  });
  await world.addRepository(`${GIT}/group/plain`, { main: TREE });
  await world.addRepository(`${GIT}/samples/basic.git`, { main: TREE });
  const zipped = Object.entries(nested).map(([path, text]) => [
    `top-main/${path}`,
    Buffer.from(text),
  ]);
  await world.addFile(`${WEB}/d?e=one&e=two`, zipSync(Object.fromEntries(zipped)));
  const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"/>`);
  const png = Buffer.from("89504e470d0a1a0a00", "hex");
  await world.addFile(`${WEB}/logo.svg`, svg);
  await world.addFile(`${WEB}/logo.png`, png);
  const base = starters(starter("inherited", git("group/plain")));
  await world.addFile(`${WEB}/Dockerfile`, "FROM scratch\n");
  await world.addFile(`${WEB}/deploy.yaml`, "kind: Deployment\n");
  await world.addFile(
    `${WEB}/parents/base.yaml`,
    devfileText({ name: "base", icon: `${WEB}/logo.svg` }, base),
  );
  const go = (version: string, rest: string) =>
    devfileText({ name: "go", version, icon: `'${WEB}/logo.png'` }, `${image}${rest}`);
  return {
    world,
    files: {
      "stacks/go/stack.yaml": stackText(
        "  - version: 1.10.0\n  - version: 2.33.0\n    default: true",
      ).replace("logo.svg", `${WEB}/logo.svg`),
      "stacks/go/1.10.0/devfile.yaml": go(
        "1.10.0",
        starters(
          starter("newest", git("group/web.git")),
          starter("tagged", git("group/web.git", "1.10")),
        ),
      ),
      "stacks/go/2.33.0/devfile.yaml": go(
        "2.33.0",
        starters(
          starter("part", git("group/web.git"), "    subDir: a/part\n"),
          starter("zipped", zip(`${WEB}/d?e=one&e=two`), "    subDir: a/part\n"),
        ),
      ),
      "stacks/plain/devfile.yaml": devfileText(
        { name: "plain", icon: "logo.png" },
        `${starters(starter("named-remote", PLAIN))}${DOCUMENTS}`,
      ),
      "stacks/plain/logo.png": png,
      "stacks/derived/devfile.yaml": devfileText(
        { name: "derived", icon: `${WEB}/logo.svg` },
        `parent:\n  id: go\n  version: 1.10.0\n  registryUrl: ${KNOWN}\n`,
      ),
      "stacks/foreign/devfile.yaml": devfileText(
        { name: "foreign", icon: `${WEB}/logo.svg` },
        `parent:\n  uri: ${WEB}/parents/base.yaml\n`,
      ),
      "extraDevfileEntries.yaml": SAMPLES,
      "samples/basic/1.0.0/devfile.yaml": devfileText(
        { name: "basic", icon: `${WEB}/logo.svg` },
        `parent:\n  id: go\n  registryUrl: "${KNOWN}/"\n${DEPLOYED}`,
      ),
      "last_modified.json": '{"stacks": [], "samples": []}',
    },
    trees: {
      "go/1.10.0 newest": { ...TREE, ...nested },
      "go/1.10.0 tagged": TAGGED,
      "go/2.33.0 part": PART,
      "go/2.33.0 zipped": PART,
      "plain/1.0.0 named-remote": TREE,
      "foreign/1.0.0 inherited": TREE,
      "basic/1.0.0": TREE,
    },
    icons: [svg, png],
  };
}

const DEPLOYED = `components:\n  - name: deploy\n    kubernetes: {uri: "${WEB}/deploy.yaml"}\n`;
const DOCUMENTS = `attributes:\n  alpha.build-dockerfile: ${WEB}/Dockerfile\n${DEPLOYED}`;
const PLAIN = [
  "    git:",
  "      checkoutFrom:",
  "        remote: upstream",
  "      remotes:",
  `        upstream: ${GIT}/group/plain`,
  "",
].join("\n");

const SAMPLES = [
  "schemaVersion: 1.0.0",
  "samples:",
  "  - name: basic",
  "    displayName: Basic",
  "    description: A basic one",
  `    icon: ${WEB}/logo.svg`,
  "    tags: [Go]",
  "    projectType: go",
  "    language: Go",
  "    versions:",
  "      - version: 1.0.0",
  "        default: true",
  "        schemaVersion: 2.2.0",
  "        git:",
  "          revision: main",
  "          remotes:",
  `            origin: ${GIT}/samples/basic.git`,
  "",
].join("\n");
