import { existsSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../../atomic-file.ts";
import { DevregError } from "../../errors.ts";
import { GIT_ADVERTISEMENT_BYTES } from "../../limits.ts";
import type { SshGitAddress } from "./git-address.ts";
import { isObjectName } from "./git-advertisement.ts";
import type { GitReference, GitRemote, GitWants } from "./git-remote.ts";
import { refusedByServer } from "./pkt-line.ts";
import type { RunGit } from "./run-git.ts";

/** Speaks ssh and nothing else, whatever the configuration of git allows. */
const OPTIONS = [
  ...["-c", "protocol.allow=never", "-c", "protocol.ssh.allow=always"],
  // Objects come as packs, however few.
  ...["-c", "fetch.unpackLimit=1"],
];

/** How much of what git says is shown. */
const SAID_CHARS = 500;

/** A git repository behind ssh, reached by the git program. */
export class ProgramGitRemote implements GitRemote {
  readonly url: string;
  readonly #run: RunGit;
  readonly #folder: string;
  readonly #signal: AbortSignal | undefined;

  /** Takes a folder to run in where no other is given. */
  constructor(
    address: SshGitAddress,
    options: { readonly runGit: RunGit; readonly folder: string; readonly signal?: AbortSignal },
  ) {
    this.url = address.text;
    this.#run = options.runGit;
    this.#folder = options.folder;
    this.#signal = options.signal;
  }

  async listReferences(prefixes: readonly string[]): Promise<readonly GitReference[]> {
    const args = [...OPTIONS, "ls-remote", "--symref", "--", this.url];
    const lines = (await this.#git(args, this.#folder)).split("\n");
    const targets = new Map<string, string>();
    const names = new Map<string, string>();
    for (const line of lines) {
      const [value = "", name = ""] = line.split("\t");
      if (value.startsWith("ref: ")) targets.set(name, value.slice("ref: ".length));
      else if (isObjectName(value)) names.set(name, value);
    }
    return [...names]
      .filter(([name]) => !name.endsWith("^{}"))
      .filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)))
      .map(([name, oid]) => {
        const peeled = names.get(`${name}^{}`);
        const target = targets.get(name);
        return {
          name,
          oid,
          ...(peeled === undefined ? {} : { peeled }),
          ...(target === undefined ? {} : { target }),
        };
      });
  }

  async fetch({ oids, shallow }: GitWants, gitDir: string): Promise<void> {
    if (!existsSync(join(gitDir, "HEAD"))) {
      await makeFolder(gitDir);
      await this.#git(["init", "-q", "--bare"], gitDir);
    }
    const cut = existsSync(join(gitDir, "shallow"));
    const depth = shallow === true ? ["--depth=1"] : cut ? ["--unshallow"] : [];
    const all = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
    await this.#git(
      [
        ...[...OPTIONS, "fetch", "-q", "--no-tags", "--no-recurse-submodules"],
        ...[...depth, "--", this.url, ...(oids === "all" ? all : oids)],
      ],
      gitDir,
    );
  }

  /** The git program finds out for itself, with what is in the folder; here it begins anew. */
  async fetchAfter(): Promise<boolean> {
    return false;
  }

  async #git(args: readonly string[], folder: string): Promise<string> {
    const result = await this.#run(args, {
      cwd: folder,
      env: { GIT_TERMINAL_PROMPT: "0", GIT_DIR: folder },
      limitBytes: GIT_ADVERTISEMENT_BYTES,
      ...(this.#signal === undefined ? {} : { signal: this.#signal }),
    });
    if (result.code === 0) return result.stdout;
    const said = result.stderr.replace(/\s+/g, " ").trim();
    if (/permission denied|authentication failed|host key verification/i.test(said)) {
      const message = `Cannot fetch "${this.url}": git says "${said.slice(0, SAID_CHARS)}"`;
      throw new DevregError("UNAUTHORIZED", message, { hint: "Check the ssh key and known_hosts" });
    }
    throw refusedByServer(`"${this.url}"`, said);
  }
}
