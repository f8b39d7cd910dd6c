import { DevregError } from "../../errors.ts";
import type { GitCredentials } from "./project.ts";

const PREFIX = "DEVREG_GIT_AUTH_";

/** Servers take any name beside a token; this one tells nothing. */
const TOKEN_USER = "git";

/** Gives the variable that holds the token for a host: "git.example.com:8443" → …_GIT_EXAMPLE_COM_8443. */
export function gitAuthVariable(host: string): string {
  return PREFIX + host.toUpperCase().replace(/[^A-Z0-9]/g, "_");
}

/**
 * Makes a lookup of credentials from variables named DEVREG_GIT_AUTH_<HOST>, each "user:password"
 * or a bare token. Two hosts that map to one name are an error as soon as both are asked for.
 */
export function gitCredentialsFrom(
  env: Readonly<Record<string, string | undefined>>,
): (host: string) => GitCredentials | undefined {
  const hosts = new Map<string, string>();
  return (host) => {
    const name = gitAuthVariable(host);
    const value = env[name];
    if (value === undefined || value === "") return undefined;
    const other = hosts.get(name) ?? host;
    hosts.set(name, other);
    if (other !== host) {
      throw new DevregError(
        "CONFIG_INVALID",
        `Cannot use ${name}: it is for ${other} and ${host}`,
        {
          hint: "Give the credentials of one of them in its address",
        },
      );
    }
    const colon = value.indexOf(":");
    if (colon < 0) return { username: TOKEN_USER, password: value };
    return { username: value.slice(0, colon), password: value.slice(colon + 1) };
  };
}
