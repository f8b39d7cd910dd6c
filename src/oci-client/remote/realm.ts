import { DevregError } from "../../errors.ts";
import { isPrivateHost } from "../../net/index.ts";

/** A token server that a registry named, and how far it is trusted. */
export interface Realm {
  readonly url: URL;
  /** Whether credentials for the registry may be sent there; else only anonymous requests. */
  readonly takesCredentials: boolean;
}

/**
 * Second-level labels below which a country's names are registered, as in "co.uk": two names that
 * share no more than this are strangers.
 */
const SHARED_SECOND_LEVEL = /^(?:ac|co|com|edu|go|gob|gov|gv|mil|ne|net|nom|or|org|sch)$/;

/**
 * Checks the realm of a Bearer challenge, which is text from the network that says where secrets
 * go. A registry on https has a token server on https; one on an internal or loopback address
 * must be the registry itself. Credentials go to the registry's own site (same domain) and to
 * `trusted` hosts ("auth.example:8443") alone.
 *
 * @throws {DevregError} UNAUTHORIZED when the realm is not used at all
 */
export function checkRealm(registry: URL, realm: string, trusted: ReadonlySet<string>): Realm {
  const url = URL.parse(realm);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw refused(registry, "it names no web address for tokens");
  }
  url.username = "";
  url.password = "";
  url.hash = "";
  if (registry.protocol === "https:" && url.protocol === "http:") {
    throw refused(registry, `its token server http://${url.host} is without TLS`);
  }
  if (url.host === registry.host || trusted.has(url.host)) return { url, takesCredentials: true };
  if (isPrivateHost(url.hostname)) {
    throw refused(registry, `its token server ${url.host} is an internal address`);
  }
  return { url, takesCredentials: isSameSite(registry.hostname, url.hostname) };
}

/** Tells whether two host names belong to one domain, and so to one owner. */
export function isSameSite(a: string, b: string): boolean {
  if (a === b) return true;
  const site = siteOf(a);
  return site !== undefined && site === siteOf(b);
}

function siteOf(host: string): string | undefined {
  if (host.startsWith("[") || /^[0-9.]+$/.test(host)) return undefined;
  const labels = host.replace(/\.$/, "").split(".");
  const [top = "", second = ""] = labels.toReversed();
  const size = top.length === 2 && SHARED_SECOND_LEVEL.test(second) ? 3 : 2;
  return labels.length < size ? undefined : labels.slice(-size).join(".");
}

function refused(registry: URL, state: string): DevregError {
  return new DevregError("UNAUTHORIZED", `Cannot sign in to ${registry.host}: ${state}`, {
    hint: "Nothing was sent there; check the registry's authentication settings",
  });
}
