import { containerImage } from "./container-image.ts";
import { offlineSample } from "./offline-sample.ts";
import { addImages, baseImage, DEFAULT_BASE, type OutsideImage } from "./outside-images.ts";
import type { OutsideWorld, ProjectFiles } from "./outside-world.ts";
import { devfileText, stackText } from "./registry-repository.ts";

/** Where the registry repository of the sample is. */
export const REGISTRY_URL = "https://git.example/team/registry.git";

/** A registry whose devfiles name images in every way, in a world that has them all. */
export interface MirrorSample {
  readonly world: OutsideWorld;
  /** Every image that the registry names, and nothing else. */
  readonly images: readonly OutsideImage[];
  /** What the offline registry image is made on. */
  readonly base: OutsideImage;
  /** The files of each starter project and sample, by where the strict client finds it. */
  readonly trees: Readonly<Record<string, ProjectFiles>>;
}

/** By digest alone, and by a name without a host. */
const MONGO = containerImage("mongodb", { platforms: ["linux/amd64"] });

const IMAGES: readonly OutsideImage[] = [
  { image: "quay.io/tools/go:1.10", graph: containerImage("go"), attached: true },
  { image: "quay.io/devfile/node:18", graph: containerImage("node") },
  { image: `docker.io/bitnami/mongodb@${MONGO.root.descriptor.digest}`, graph: MONGO },
  {
    image: "registry.access.redhat.com/ubi9/nodejs:latest",
    graph: containerImage("ubi"),
    attached: true,
  },
  { image: "icr.io/app/runtime:1", graph: containerImage("runtime", { docker: true }) },
  {
    image: "docker.io/library/nginx:1.27",
    graph: containerImage("nginx", { docker: true, platforms: ["linux/amd64"] }),
  },
];

const NODE = [
  'variables: {node-version: "18"}',
  "components:",
  "  - name: runtime",
  '    container: {image: "quay.io/devfile/node:{{node-version}}"}   # by a variable',
  "  - name: database",
  `    container: {image: bitnami/mongodb@${MONGO.root.descriptor.digest}}`,
  "  - name: build",
  "    image: {imageName: node-app, dockerfile: {uri: docker/Dockerfile}}",
  "  - name: deploy",
  "    kubernetes: {uri: deploy.yaml}",
  "projects:",
  "  - name: notes",
  "    git: {remotes: {origin: https://git.example/group/notes.git}}",
  "",
].join("\n");
const NOTES: ProjectFiles = { "NOTES.md": "of a project that is no starter\n" };
const DOCKERFILE = [
  "ARG BASE=icr.io/app/runtime:1",
  "FROM registry.access.redhat.com/ubi9/nodejs AS build",
  "RUN npm ci",
  `FROM \${BASE}`,
  "COPY --from=build /app /app",
  "",
].join("\n");
const DEPLOY = [
  "apiVersion: v1",
  "kind: Pod",
  "metadata: {name: node-app}",
  "spec:",
  "  containers:",
  "    - {name: app, image: node-app}",
  '    - {name: proxy, image: "nginx:1.27"}',
  "",
].join("\n");

/** Lays the sample out; the world's content goes into a folder. */
export async function mirrorSample(folder: string): Promise<MirrorSample> {
  const { world, files, trees } = await offlineSample(folder);
  const { "stacks/plain/logo.png": _logo, ...rest } = files;
  const texts = Object.entries(rest).map(([path, text]) => [path, String(text)] as const);
  await world.addRepository(REGISTRY_URL, {
    main: {
      ...Object.fromEntries(texts),
      "stacks/plain/devfile.yaml": String(files["stacks/plain/devfile.yaml"]).replace(
        "logo.png",
        "https://web.example/logo.png",
      ),
      "stacks/node/stack.yaml": stackText(
        "  - version: 1.0.0\n    default: true",
        "name: node",
      ).replace("logo.svg", "https://web.example/logo.svg"),
      "stacks/node/1.0.0/devfile.yaml": devfileText(
        { name: "node", icon: "https://web.example/logo.svg" },
        NODE,
      ),
      "stacks/node/1.0.0/docker/Dockerfile": DOCKERFILE,
      "stacks/node/1.0.0/deploy.yaml": DEPLOY,
    },
  });
  await world.addRepository("https://git.example/group/notes.git", { main: NOTES });
  const base = { image: DEFAULT_BASE, graph: await baseImage(folder) };
  await addImages(world, [...IMAGES, base]);
  return { world, images: IMAGES, base, trees: { ...trees, "node/1.0.0 notes": NOTES } };
}
