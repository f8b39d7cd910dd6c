import { expect, test } from "bun:test";
import type { ImageOccurrence } from "../../../src/airgap/occurrence.ts";
import { withoutFailed } from "../../../src/airgap/publish/failed-entries.ts";
import type { Build } from "../../../src/generator/index.ts";
import { makeOffline } from "../../../src/generator/offline/index.ts";
import { offlineDeps, svg } from "../../support/offline-deps.ts";
import { devfileText, generateFiles, stackText } from "../../support/registry-repository.ts";

const DOCKERFILE = "https://files.example/Dockerfile";

async function build(publicUrl?: string): Promise<Build> {
  const attribute = `attributes:\n  alpha.build-dockerfile: ${DOCKERFILE}\n`;
  const { build } = await generateFiles(
    {
      "stacks/flat/devfile.yaml": devfileText({ name: "flat", icon: "logo.svg" }),
      "stacks/flat/logo.svg": svg("flat"),
      "stacks/built/devfile.yaml": devfileText({ name: "built", icon: "logo.svg" }, attribute),
      "stacks/built/logo.svg": svg("built"),
      "stacks/many/stack.yaml": stackText(
        "  - version: 1.0.0\n    default: true\n  - version: 2.0.0",
        "name: many",
      ),
      "stacks/many/1.0.0/devfile.yaml": devfileText({ name: "many", version: "1.0.0" }),
      "stacks/many/2.0.0/devfile.yaml": devfileText({ name: "many", version: "2.0.0" }),
      "stacks/many/1.0.0/logo.svg": svg("many"),
      "stacks/many/2.0.0/logo.svg": svg("many"),
    },
    {
      offline: (content) =>
        makeOffline(
          content,
          offlineDeps(
            { devfiles: { [DOCKERFILE]: "FROM quay.example/a/b:1\n" } },
            publicUrl === undefined ? {} : { publicUrl },
          ),
        ),
    },
  );
  if (build === undefined) throw new Error("the sample is valid");
  return build;
}

function named(file: string): ImageOccurrence {
  const text = "quay.example/a/b:1";
  const at = { pointer: "line:1", range: [0, 0] as const, text, image: text };
  return { file, ...at, kind: "dockerfile", class: "pull", reason: "named" };
}

async function left(from: Build, file: string): Promise<string[]> {
  const { build: kept } = await withoutFailed(from, [named(file)]);
  return kept.index
    .flatMap(({ name, versions = [] }) => versions.map(({ version }) => `${name}:${version}`))
    .sort();
}

const ALL = ["built:1.0.0", "flat:1.0.0", "many:1.0.0", "many:2.0.0"];

test("withoutFailed() leaves out the version that names the image, and no other", async () => {
  const from = await build();
  expect(await left(from, "stacks/many/2.0.0/docker/Dockerfile")).toEqual(
    ALL.filter((name) => name !== "many:2.0.0"),
  );
  expect(await left(from, "stacks/flat/docker/Dockerfile")).toEqual(
    ALL.filter((name) => name !== "flat:1.0.0"),
  );
  expect(await left(from, "mirror.yaml")).toEqual(ALL);
});

test("withoutFailed() finds the stacks behind a document, with and without a public URL", async () => {
  for (const publicUrl of [undefined, "http://devfiles.internal"]) {
    const from = await build(publicUrl);
    const [document = ""] = (await from.files.paths()).filter((path) =>
      path.startsWith("documents/"),
    );
    expect(await left(from, document)).toEqual(ALL.filter((name) => name !== "built:1.0.0"));
  }
});
