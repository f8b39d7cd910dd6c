import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How a docker-registry asks who is there. */
export type RegistryAuth =
  | { readonly username: string; readonly password: string }
  | {
      readonly realm: string;
      readonly service: string;
      readonly issuer: string;
      /** Path of the PEM certificate that signs tokens. */
      readonly rootCertBundle: string;
    };

/** How a docker-registry is set up. */
export interface DockerRegistryOptions {
  /** Keeps the storage here and leaves it there; a temporary folder without it. */
  readonly dir?: string;
  readonly auth?: RegistryAuth;
  readonly readonly?: boolean;
  /** Paths of PEM files. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** "host:port" to listen at, as one that ended did; a free port of 127.0.0.1 without it. */
  readonly address?: string;
  /** Puts the command into another network. */
  readonly inside?: (command: readonly string[]) => string[];
  /** Path of the file that takes a line for each request. */
  readonly accessLog?: string;
}

/** A running docker-registry. */
export interface DockerRegistry {
  /** "<address>:<port>". */
  readonly host: string;
  /** Folder with the registry's content. */
  readonly dir: string;
  stop(): Promise<void>;
}

/** Starts Debian's docker-registry on a loopback port and resolves once it listens. */
export async function startDockerRegistry(
  options: DockerRegistryOptions = {},
): Promise<DockerRegistry> {
  const work = await mkdtemp(join(tmpdir(), "devreg-registry-"));
  const dir = options.dir ?? join(work, "storage");
  const config = join(work, "config.yml");
  await writeFile(config, JSON.stringify(await configuration(options, work, dir)));
  const { inside = (command) => [...command], accessLog } = options;
  const child = Bun.spawn(inside(["docker-registry", "serve", config]), {
    env: { PATH: "/usr/bin:/bin", OTEL_TRACES_EXPORTER: "none" },
    stdout: accessLog === undefined ? "ignore" : Bun.file(accessLog),
    stderr: "pipe",
  });
  const stop = async () => {
    child.kill("SIGKILL");
    await child.exited;
    await rm(work, { recursive: true, force: true });
  };
  try {
    return { host: await listeningHost(child.stderr), dir, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A request that a registry was sent. */
export interface Access {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** Reads what an access log holds. */
export function readAccesses(accessLog: string): readonly Access[] {
  const lines = readFileSync(accessLog, "utf8").matchAll(/"([A-Z]+) (\S+) HTTP\/[\d.]+" (\d+)/g);
  return Array.from(lines, ([, method = "", path = "", status]) => ({
    method,
    path,
    status: Number(status),
  }));
}

async function configuration(options: DockerRegistryOptions, work: string, dir: string) {
  const { tls, auth, accessLog } = options;
  return {
    version: 0.1,
    log: { accesslog: { disabled: accessLog === undefined }, level: "info" },
    storage: {
      filesystem: { rootdirectory: dir },
      delete: { enabled: true },
      maintenance: { readonly: { enabled: options.readonly ?? false } },
    },
    http: {
      addr: options.address ?? "127.0.0.1:0",
      secret: "only-for-tests",
      ...(tls ? { tls: { certificate: tls.certificate, key: tls.key } } : {}),
    },
    ...(auth ? { auth: await authSection(auth, work) } : {}),
  };
}

async function authSection(auth: RegistryAuth, work: string) {
  if ("realm" in auth) {
    const { realm, service, issuer, rootCertBundle } = auth;
    return { token: { realm, service, issuer, rootcertbundle: rootCertBundle } };
  }
  const path = join(work, "htpasswd");
  const hash = await Bun.password.hash(auth.password, { algorithm: "bcrypt", cost: 4 });
  await writeFile(path, `${auth.username}:${hash}\n`);
  return { htpasswd: { realm: "devreg tests", path } };
}

/** Finds the address in the log, then keeps reading so that the registry never blocks on it. */
async function listeningHost(log: ReadableStream<Uint8Array>): Promise<string> {
  const lines = log[Symbol.asyncIterator]();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await lines.next();
    if (done) throw new Error(`docker-registry ended: ${text}`);
    text += decoder.decode(value, { stream: true });
    const host = /listening on ([0-9.]+:[0-9]+)/.exec(text)?.[1];
    if (host !== undefined) {
      void drain(lines);
      return host;
    }
  }
}

async function drain(lines: AsyncIterator<Uint8Array>): Promise<void> {
  while (!(await lines.next()).done);
}
