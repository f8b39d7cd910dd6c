import { DevregError } from "../../errors.ts";
import { type AuthFile, canonicalRegistry, parseAuthFile } from "./auth-file.ts";
import type { Credential, CredentialSource } from "./credential.ts";
import { askHelper, type HelperRun } from "./credential-helper.ts";

/** Where credentials may come from. */
export interface CredentialOptions {
  /** Value of --creds, "user:password" or a bare token; for every registry that is asked for. */
  readonly flag?: string | undefined;
  /** Value of --authfile; it must be there. */
  readonly authFile?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gives the text of a file; undefined when there is none. */
  readonly readFile: (path: string) => Promise<string | undefined>;
  /** Runs credential helpers; without it they are not used. */
  readonly runHelper?: HelperRun | undefined;
  /** Undefined where the user has none. */
  readonly homeDir?: string | undefined;
}

interface Candidate {
  readonly path: string;
  /** Whether the user named it, so that its absence is an error. */
  readonly named?: boolean;
  readonly legacy?: boolean;
}

/**
 * Looks credentials up, in this order: the flag; DEVREG_AUTH_<HOST>; then the auth files, the named
 * one, that of the runtime directory, of the configuration directory, of docker, ~/.dockercfg. The
 * first file that has an entry wins; in it a credHelper of the host comes before the credsStore,
 * that before the entry with the longest matching prefix. Keys match exactly or at a slash. Files
 * are read once, when they are first needed.
 */
export function loadCredentials(options: CredentialOptions): CredentialSource {
  const fromEnvironment = environmentLookup(options.env);
  const files = candidates(options).map((candidate) =>
    once(() => readAuthFile(options, candidate)),
  );
  const ask = rememberedHelpers(options.runHelper);
  return {
    for: async (host, repository = "") => {
      const registry = canonicalRegistry(host);
      if (options.flag) return parseSecret(options.flag);
      const environment = fromEnvironment(registry);
      if (environment !== undefined) return environment;
      for (const read of files) {
        const file = await read();
        const found = file && (await lookUp(file, registry, repository, ask));
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

/** Gives the name of the variable that holds a registry's credential: DEVREG_AUTH_HOST_5000. */
export function credentialVariable(host: string): string {
  return `DEVREG_AUTH_${host.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
}

function environmentLookup(env: CredentialOptions["env"]) {
  const askedBy = new Map<string, string>();
  return (registry: string): Credential | undefined => {
    const name = credentialVariable(registry);
    const value = env[name];
    if (value === undefined || value === "") return undefined;
    const other = askedBy.get(name) ?? registry;
    askedBy.set(name, other);
    if (other === registry) return parseSecret(value);
    throw new DevregError(
      "CONFIG_INVALID",
      `Cannot choose credentials: ${name} means both "${other}" and "${registry}"`,
      { hint: "Put the credentials of these registries into an auth file" },
    );
  };
}

function parseSecret(value: string): Credential {
  const colon = value.indexOf(":");
  if (colon < 0) return { kind: "bearer", token: value.trim() };
  return { kind: "basic", username: value.slice(0, colon), password: value.slice(colon + 1) };
}

function candidates({ authFile, env, homeDir }: CredentialOptions): Candidate[] {
  const named = authFile ?? env["REGISTRY_AUTH_FILE"];
  const config = env["XDG_CONFIG_HOME"] || (homeDir && `${homeDir}/.config`);
  const docker = env["DOCKER_CONFIG"] || (homeDir && `${homeDir}/.docker`);
  return [
    ...(named ? [{ path: named, named: true }] : []),
    ...[env["XDG_RUNTIME_DIR"], config].flatMap((dir) =>
      dir ? [{ path: `${dir}/containers/auth.json` }] : [],
    ),
    ...(docker ? [{ path: `${docker}/config.json` }] : []),
    ...(homeDir ? [{ path: `${homeDir}/.dockercfg`, legacy: true }] : []),
  ];
}

async function readAuthFile(
  { readFile }: CredentialOptions,
  { path, named = false, legacy = false }: Candidate,
): Promise<AuthFile | undefined> {
  const text = await readFile(path);
  if (text !== undefined) return parseAuthFile(path, text, legacy);
  if (!named) return undefined;
  throw new DevregError("CONFIG_INVALID", `Cannot read credentials in "${path}": no such file`);
}

type AskHelper = (name: string, registry: string) => Promise<Credential | undefined>;

async function lookUp(
  file: AuthFile,
  registry: string,
  repository: string,
  ask: AskHelper,
): Promise<Credential | undefined> {
  for (const helper of [file.credHelpers.get(registry), file.credsStore]) {
    const found = helper === undefined ? undefined : await ask(helper, registry);
    if (found !== undefined) return found;
  }
  const parts = [registry, ...repository.split("/").filter((part) => part !== "")];
  for (let length = parts.length; length > 0; length -= 1) {
    const found = file.auths.get(parts.slice(0, length).join("/"));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Helpers may ask a person or a key store, so each is asked once per registry. */
function rememberedHelpers(run: HelperRun | undefined): AskHelper {
  const answers = new Map<string, () => Promise<Credential | undefined>>();
  return async (name, registry) => {
    if (run === undefined) return undefined;
    const key = `${name} ${registry}`;
    const answer = answers.get(key) ?? once(() => askHelper(run, name, registry));
    answers.set(key, answer);
    return answer();
  };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
