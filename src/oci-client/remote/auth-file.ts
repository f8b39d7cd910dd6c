import { z } from "zod";
import { DevregError } from "../../errors.ts";
import { AUTH_FILE_BYTES } from "../../limits.ts";
import type { Credential } from "./credential.ts";

/** What a docker config.json or containers auth.json says about registries. */
export interface AuthFile {
  readonly path: string;
  /** Credentials by normalised host or host/path. */
  readonly auths: ReadonlyMap<string, Credential>;
  /** Helper names by normalised host. */
  readonly credHelpers: ReadonlyMap<string, string>;
  readonly credsStore: string | undefined;
}

const entrySchema = z.looseObject({
  auth: z.string().nullish(),
  username: z.string().nullish(),
  password: z.string().nullish(),
  identitytoken: z.string().nullish(),
  registrytoken: z.string().nullish(),
});
const entriesSchema = z.record(z.string(), entrySchema);
const fileSchema = z.looseObject({
  auths: entriesSchema.nullish(),
  credHelpers: z.record(z.string(), z.string()).nullish(),
  credsStore: z.string().nullish(),
});

/** The name under which credentials for Docker Hub are kept. */
export const DOCKER_HUB = "docker.io";

const DOCKER_HUB_NAMES = new Set([
  DOCKER_HUB,
  "index.docker.io",
  "registry-1.docker.io",
  "registry.hub.docker.com",
]);

/** Gives the one name under which all names of Docker Hub are kept; others in lower case. */
export function canonicalRegistry(host: string): string {
  const name = host.toLowerCase();
  return DOCKER_HUB_NAMES.has(name) ? DOCKER_HUB : name;
}

/**
 * Parses an auth file. `legacy` files (~/.dockercfg) hold the entries at their top.
 *
 * @throws {DevregError} CONFIG_INVALID naming the file, never its content
 */
export function parseAuthFile(path: string, text: string, legacy: boolean): AuthFile {
  if (text.length > AUTH_FILE_BYTES) throw invalid(path, `over ${AUTH_FILE_BYTES} bytes`);
  const json = parseJson(path, text);
  const parsed = fileSchema.safeParse(legacy ? { auths: json } : json);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.map(String).join(".");
    throw invalid(path, `wrong form${where ? ` at ${where}` : ""}`);
  }
  const { auths, credHelpers, credsStore } = parsed.data;
  return {
    path,
    auths: credentialsIn(path, auths ?? {}),
    credHelpers: new Map(
      Object.entries(credHelpers ?? {}).map(([key, name]) => [normaliseKey(key), name]),
    ),
    credsStore: credsStore || undefined,
  };
}

/**
 * Brings a key of an auth file to "host" or "host/path": older files have a scheme and an API path
 * ("https://index.docker.io/v1/"), which mean the host alone.
 */
function normaliseKey(key: string): string {
  const [, scheme, rest = ""] = /^(https?:\/\/)?(.*?)\/*$/i.exec(key) ?? [];
  const slash = rest.indexOf("/");
  const host = canonicalRegistry(slash < 0 ? rest : rest.slice(0, slash));
  const path = slash < 0 ? "" : rest.slice(slash);
  return scheme !== undefined || /^\/v[12]$/.test(path) ? host : `${host}${path}`;
}

function credentialsIn(
  path: string,
  entries: z.infer<typeof entriesSchema>,
): Map<string, Credential> {
  const found = new Map<string, Credential>();
  for (const [key, entry] of Object.entries(entries)) {
    const credential = credentialOf(path, key, entry);
    // A key in its plain form wins over an older spelling of the same.
    const name = normaliseKey(key);
    if (credential !== undefined && (key === name || !found.has(name))) found.set(name, credential);
  }
  return found;
}

/** An entry without anything in it stands where a helper keeps the credential. */
function credentialOf(
  path: string,
  key: string,
  entry: z.infer<typeof entrySchema>,
): Credential | undefined {
  if (entry.registrytoken) return { kind: "bearer", token: entry.registrytoken };
  if (entry.identitytoken) return { kind: "refresh", token: entry.identitytoken };
  if (entry.username && entry.password) {
    return { kind: "basic", username: entry.username, password: entry.password };
  }
  if (!entry.auth) return undefined;
  // Docker pads what it encodes with zero bytes.
  const text = Buffer.from(entry.auth, "base64").toString("utf8").replace(/\0+$/, "");
  const colon = text.indexOf(":");
  if (colon <= 0) throw invalid(path, `the auth of "${key}" is not base64 of user:password`);
  return { kind: "basic", username: text.slice(0, colon), password: text.slice(colon + 1) };
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message may quote a secret, so it is not passed on.
    throw invalid(path, "not JSON");
  }
}

function invalid(path: string, state: string): DevregError {
  return new DevregError("CONFIG_INVALID", `Cannot read credentials in "${path}": ${state}`);
}
