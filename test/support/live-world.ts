import { createHmac } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Serving, startServe } from "./devreg.ts";
import { startGitHttpServer } from "./git-http-server.ts";
import { git, initRepository } from "./git-repository.ts";
import { jsonOf } from "./json-of.ts";
import { ownLoopback } from "./loopback.ts";
import { devfileText } from "./registry-repository.ts";
import { type TemporaryFolder, temporaryFolder } from "./temporary-folder.ts";

/** Files of a registry repository to write; null removes one. */
export type Changes = Readonly<Record<string, string | null>>;

/** A registry repository behind a git server, and the servers that are kept up to date with it. */
export interface LiveWorld extends AsyncDisposable {
  readonly folder: TemporaryFolder;
  /** Address of the repository. */
  readonly source: string;
  readonly secretFile: string;
  /** How many requests the git server answered. */
  readonly gitRequests: () => number;
  /** Commits changes to main and gives the commit; each is a minute after the one before. */
  commit(changes: Changes): Promise<string>;
  /** Runs git in the repository. */
  git(...args: readonly string[]): string;
  /** Starts a server; it is stopped with the world. */
  serve(...args: readonly string[]): Promise<Serving>;
  stopGit(): Promise<void>;
  startGit(): void;
}

/** What POST /api/update answers. */
export interface UpdateAnswer {
  readonly status: number;
  readonly state?: string;
  readonly generation?: string;
  readonly reasons?: readonly string[];
  readonly changed?: Readonly<Record<string, readonly string[]>>;
}

export const SECRET = "a secret of tests";

/** The files of a stack of one version. */
export function stackFiles(name: string, note = "first", version = "1.0.0"): Changes {
  return {
    [`stacks/${name}/devfile.yaml`]: devfileText(
      { name, version, displayName: name, description: note },
      "components:\n  - name: tools\n    container:\n      image: quay.io/x/y:1\n",
    ),
    [`stacks/${name}/logo.svg`]: '<svg xmlns="http://www.w3.org/2000/svg"/>',
  };
}

/** Opens a world with a repository that has the stacks "alpha" and "beta". */
export async function liveWorld(): Promise<LiveWorld> {
  const folder = await temporaryFolder();
  const repository = join(folder.path, "registry.git");
  await initRepository(repository);
  const secretFile = join(folder.path, "secret");
  await writeFile(secretFile, `${SECRET}\n`);
  // Servers are killed here, and leave what they fetched.
  const env = { TMPDIR: join(folder.path, "fetched") };
  await mkdir(env.TMPDIR);
  let server = startGitHttpServer(folder.path, { address: `${ownLoopback()}:0` });
  const { url, host } = server;
  const servers: Serving[] = [];
  let minute = 0;
  const commit = async (changes: Changes) => {
    for (const [path, text] of Object.entries(changes)) {
      const file = join(repository, path);
      if (text === null) await rm(file, { recursive: true });
      else {
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
      }
    }
    git(repository, ["add", "-A"]);
    minute += 1;
    const date = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
    const dates = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    git(repository, ["commit", "-q", "-m", `commit ${minute}`], undefined, dates);
    return git(repository, ["rev-parse", "HEAD"]).trim();
  };
  await commit({ ...stackFiles("alpha"), ...stackFiles("beta") });
  return {
    folder,
    source: `${url}/registry.git`,
    secretFile,
    gitRequests: () => server.requests.length,
    commit,
    git: (...args) => git(repository, args).trim(),
    serve: async (...args) => {
      const serving = await startServe(["--status-details", ...args], { env });
      servers.push(serving);
      return serving;
    },
    stopGit: () => server.stop(),
    startGit: () => {
      server = startGitHttpServer(folder.path, { address: host });
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(servers.map((each) => each.stop("SIGKILL")));
      await server.stop();
      await folder.remove();
    },
  };
}

/** A signature works once, and equal requests of one second would have the same. */
let blanks = 0;

/** Sends a request of devreg's own form. */
export async function requestUpdate(
  { url }: Serving,
  body: Readonly<Record<string, unknown>> = {},
  secret = SECRET,
): Promise<UpdateAnswer> {
  blanks += 1;
  const text = JSON.stringify(body) + " ".repeat(blanks);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signed = createHmac("sha256", secret).update(`${timestamp}.${text}`).digest("hex");
  const answer = await fetch(`${url}/api/update`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-devreg-timestamp": timestamp,
      "x-devreg-signature-256": `sha256=${signed}`,
    },
    body: text,
  });
  return { ...(await jsonOf(answer)), status: answer.status };
}

/** Gives the stacks that a server's index has, as "name description". */
export async function servedStacks({ url }: Pick<Serving, "url">): Promise<readonly string[]> {
  const answer = await fetch(`${url}/v2index`);
  if (!answer.ok) return [String(answer.status)];
  const entries: readonly { name: string; description: string }[] = await jsonOf(answer);
  return entries.map(({ name, description }) => `${name} ${description}`).sort();
}

/** Gives the reasons that /readyz names. */
export async function reasonsOf({ url }: Serving): Promise<string> {
  const { reasons }: { reasons: string[] } = await jsonOf(await fetch(`${url}/readyz`));
  return reasons.join("\n");
}

/** Pulls a stack version and gives its devfile. */
export async function pullDevfile(
  host: string,
  name: string,
  reference = "1.0.0",
): Promise<string | undefined> {
  const base = `${host.includes("://") ? host : `http://${host}`}/v2/devfile-catalog/${name}`;
  const accept = "application/vnd.oci.image.manifest.v1+json";
  const answer = await fetch(`${base}/manifests/${reference}`, { headers: { accept } });
  if (!answer.ok) return undefined;
  interface Layers {
    readonly layers: readonly { digest: string; annotations: Record<string, string> }[];
  }
  const { layers }: Layers = await jsonOf(answer);
  const layer = layers.find(
    ({ annotations }) => annotations["org.opencontainers.image.title"] === "devfile.yaml",
  );
  const blob = await fetch(`${base}/blobs/${layer?.digest}`);
  return blob.ok ? await blob.text() : undefined;
}
