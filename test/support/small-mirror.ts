import { join } from "node:path";
import { createTransportPool } from "../../src/net/index.ts";
import type { RemoteRegistry } from "../../src/oci-client/remote/index.ts";
import { containerImage } from "./container-image.ts";
import { type CountingProxy, type ProxyOptions, startCountingProxy } from "./counting-proxy.ts";
import { type Finished, runDevreg } from "./devreg.ts";
import { type DockerRegistry, startDockerRegistry } from "./docker-registry.ts";
import { devfileText } from "./registry-repository.ts";
import { openRemote } from "./remote.ts";
import type { SampleGraph } from "./sample-content.ts";
import { pushImage } from "./sample-image.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Two registries on this machine and a folder, for mirroring small things from one to the other. */
export interface SmallMirror extends AsyncDisposable {
  readonly folder: string;
  readonly source: DockerRegistry;
  /** In front of the source; images are named by its host. */
  readonly proxy: CountingProxy;
  readonly remote: RemoteRegistry;
  readonly target: DockerRegistry;
  /** Full name of an image of the source. */
  image(name: string): string;
  /** Puts an image there, its content made from its name and a word. */
  push(name: string, word?: string): Promise<SampleGraph>;
  /** Writes a registry repository, each stack with a container for each image; gives its folder. */
  write(repository: string, stacks: Readonly<Record<string, readonly string[]>>): Promise<string>;
  /** Runs a mirror command in the folder. */
  run(...words: readonly string[]): Promise<Finished>;
  /** Saves a registry repository into a bundle, without program and registry image. */
  save(repository: string, bundle: string, ...words: readonly string[]): Promise<Finished>;
  /** Full name that an image of the source has below a prefix of the target. */
  mirrored(prefix: string, name: string): string;
  /** Path of a file in the folder. */
  at(name: string): string;
}

/** Opens a small mirror whose source misbehaves as told. */
export async function openSmallMirror(options: ProxyOptions = {}): Promise<SmallMirror> {
  const closing = new AsyncDisposableStack();
  const { path: folder, remove } = await temporaryFolder();
  closing.defer(remove);
  const [source, target] = await Promise.all([startDockerRegistry(), startDockerRegistry()]);
  closing.defer(() => source.stop());
  closing.defer(() => target.stop());
  const proxy = await startCountingProxy(source.host, options);
  closing.defer(() => proxy.stop());
  const pool = createTransportPool({ userAgent: "devreg-tests" });
  closing.defer(() => pool.close());
  const remote = openRemote(source.host, { send: pool.send });
  const run: SmallMirror["run"] = (...words) => runDevreg(["mirror", ...words], { cwd: folder });
  return {
    ...{ folder, source, target, proxy, remote },
    image: (name) => `${proxy.host}/${name}`,
    push: async (name, word = "") => {
      const [repository = "", tag = "latest"] = name.split(":");
      const graph = containerImage(`${repository} ${word}`);
      await pushImage(remote.repository(repository), tag, graph);
      return graph;
    },
    write: async (repository, stacks) => {
      for (const [name, images] of Object.entries(stacks)) {
        const lines = images.map(
          (image, at) => `  - {name: c${at}, container: {image: "${image}"}}`,
        );
        const text = devfileText({ name, icon: '"data:x"' }, `components:\n${lines.join("\n")}\n`);
        await Bun.write(join(folder, repository, "stacks", name, "devfile.yaml"), text);
      }
      return repository;
    },
    run,
    save: (repository, bundle, ...words) =>
      run("save", repository, "--to", bundle, "--base", "none", "--no-executable", ...words),
    mirrored: (prefix, name) => `${target.host}/${prefix}/${proxy.host.replace(":", "_")}/${name}`,
    at: (name) => join(folder, name),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
