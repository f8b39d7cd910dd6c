const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  http: "80",
  https: "443",
  ssh: "22",
  "git+ssh": "22",
  git: "9418",
};

const WITH_SCHEME = /^([a-z][a-z0-9+.-]*):\/\/([^/]+)\/(.*)$/is;
/** As ssh and git take it: "git@host:path"; brackets hold an IPv6 address. */
const WITHOUT_SCHEME = /^((?:[^/:@]+@)?(?:\[[0-9a-f:]+\]|[^/:@[\]]+)):(?!\/\/)(.*)$/is;

/**
 * Gives what makes the address of a git repository that repository: "git.example/team/stacks" of
 * "https://user@Git.example:443/team/stacks.git/" and of "git@git.example:team/stacks". Undefined
 * for a folder, and for what is no address.
 */
export function repositoryAddress(text: string): string | undefined {
  const [, scheme = "", authority = "", path = ""] =
    WITH_SCHEME.exec(text) ?? schemeless(WITHOUT_SCHEME.exec(text));
  if (authority === "" || /^file$/i.test(scheme)) return undefined;
  const bare = barePath(path);
  return bare === "" ? undefined : `${bareHost(authority, scheme.toLowerCase())}/${bare}`;
}

/** Tells whether two addresses name one repository; folders are the same when they read alike. */
export function isSameRepository(a: string, b: string): boolean {
  return (repositoryAddress(a) ?? a) === (repositoryAddress(b) ?? b);
}

function schemeless(match: RegExpExecArray | null): readonly (string | undefined)[] {
  return match === null ? [] : [match[0], "ssh", match[1], match[2]];
}

/** Drops user information, the port that the scheme has anyway, and the case. */
function bareHost(authority: string, scheme: string): string {
  const host = authority.slice(authority.lastIndexOf("@") + 1).toLowerCase();
  const port = /:(\d*)$/.exec(host)?.[1];
  if (port === undefined) return host;
  const isDefault = port === "" || port === DEFAULT_PORTS[scheme];
  return isDefault ? host.slice(0, -port.length - 1) : host;
}

/** Counts from both ends, since a pattern for slashes at an end takes long for many elsewhere. */
function barePath(path: string): string {
  const named = trimSlashes(path);
  return named.endsWith(".git") ? trimSlashes(named.slice(0, -".git".length)) : named;
}

function trimSlashes(path: string): string {
  let [start, end] = [0, path.length];
  while (start < end && path[start] === "/") start += 1;
  while (end > start && path[end - 1] === "/") end -= 1;
  return path.slice(start, end);
}
