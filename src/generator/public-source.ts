import type { BuildSource } from "./build.ts";

/**
 * Gives what strangers may know of a source: without credentials, and without the path of a folder,
 * which means nothing elsewhere and differs between machines.
 */
export function publicSource({ url, commit_hash, commit_time }: BuildSource): BuildSource {
  const address = publicAddress(url);
  return {
    ...(address === undefined ? {} : { url: address }),
    ...(commit_hash === undefined ? {} : { commit_hash }),
    ...(commit_time === undefined ? {} : { commit_time }),
  };
}

/** Gives a git address without user information; undefined for a folder. */
export function publicAddress(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) {
    if (/^file:/i.test(url)) return undefined;
    return url.replace(/^([^:]+:\/\/)[^/@]*@/, "$1");
  }
  return /^(?:[^/@]+@)?[^/@:]{2,}:(?!\/\/)/.test(url) ? url : undefined;
}
