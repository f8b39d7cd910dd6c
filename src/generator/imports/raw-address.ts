/**
 * Gives the address of a file itself for the page that a git provider shows it on; any other address
 * as it is.
 *
 * Parity: GitRawFileAPI of pkg/util/git.go of the devfile library, which asks gitlab.com by its API.
 */
export function rawAddress(url: URL): URL {
  const [owner, repository, ...rest] = url.pathname.split("/").filter((part) => part !== "");
  const raw = (path: readonly (string | undefined)[], host = url.host) =>
    new URL(`https://${host}/${path.join("/")}`);
  if (url.host === "github.com" && rest[0] === "blob") {
    return raw([owner, repository, ...rest.slice(1)], "raw.githubusercontent.com");
  }
  if (url.host === "gitlab.com") {
    const parts = url.pathname.split("/").filter((part) => part !== "");
    const at = parts.findIndex((part, index) => part === "blob" && parts[index - 1] === "-");
    return at < 0 ? url : raw(parts.with(at, "raw"));
  }
  if (url.host === "bitbucket.org" && rest[0] === "src") {
    return raw([owner, repository, "raw", ...rest.slice(1)]);
  }
  return url;
}

const GIT_HOSTS = ["github.com", "raw.githubusercontent.com", "gitlab.com", "bitbucket.org"];

/** Tells whether an address is at one of the providers that the devfile library fetches from. */
export function isGitProvider(url: URL): boolean {
  return GIT_HOSTS.includes(url.host);
}
