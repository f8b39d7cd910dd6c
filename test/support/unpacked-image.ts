import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "./program.ts";

/** An image of this machine's platform, laid out as a container engine would. */
export interface UnpackedImage {
  /** Its root file system. */
  readonly root: string;
  readonly entrypoint: readonly string[];
  /** "NAME=value" */
  readonly env: readonly string[];
}

interface Layout {
  manifests: [{ digest: string }];
}
interface Manifest {
  config: { digest: string };
  layers: { digest: string }[];
}
interface Config {
  config: { Entrypoint?: string[]; Cmd?: string[]; Env?: string[] };
}

/** Unpacks an image from a registry; skopeo runs by `inside`. */
export async function unpackImage(
  image: string,
  folder: string,
  inside: (command: readonly string[]) => string[],
): Promise<UnpackedImage> {
  const [layout, root] = [join(folder, "layout"), join(folder, "root")];
  mkdirSync(root, { recursive: true });
  const copy = ["skopeo", "--insecure-policy", "copy", "--src-tls-verify=false", "--quiet"];
  await runProgram(inside([...copy, `docker://${image}`, `oci:${layout}:image`]));
  const blob = (digest: string) => join(layout, "blobs", digest.replace(":", "/"));
  const index: Layout = JSON.parse(readFileSync(join(layout, "index.json"), "utf8"));
  const manifest: Manifest = JSON.parse(readFileSync(blob(index.manifests[0].digest), "utf8"));
  const { config }: Config = JSON.parse(readFileSync(blob(manifest.config.digest), "utf8"));
  for (const { digest } of manifest.layers) {
    await runProgram(["tar", "-xzf", blob(digest), "-C", root]);
  }
  const { Entrypoint = [], Cmd = [], Env = [] } = config;
  return { root, entrypoint: [...Entrypoint, ...Cmd], env: Env };
}

/**
 * Gives the command that runs an image as the strictest clusters do: its root read-only with /proc
 * and nothing else, as an arbitrary uid of group 0, with the environment of the image and `env`.
 */
export function containedCommand(
  image: UnpackedImage,
  env: Readonly<Record<string, string>>,
): string[] {
  const { root, entrypoint } = image;
  const given = [...image.env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  mkdirSync(join(root, "proc"), { recursive: true });
  const script = [
    `mount --bind ${root} ${root}`,
    `mount -t proc proc ${root}/proc`,
    `mount -o remount,ro,bind ${root}`,
    `exec env -i "$@"`,
  ].join(" && ");
  const map = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  const chroot = ["/usr/sbin/chroot", "--userspec=123456:0", root, ...entrypoint];
  return ["unshare", "--mount", "--pid", "--fork", "--kill-child", ...map].concat(
    ["sh", "-c", script, "sh"],
    given,
    chroot,
  );
}
