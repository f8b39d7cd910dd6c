/** Ends of names that are never asked of the public name system. Spec: RFC 6762, 8375 and 9476. */
const INTERNAL_ENDS =
  /\.(?:alt|corp|home|home\.arpa|internal|intranet|lan|local|localdomain|localhost|private|svc)$/;

/**
 * Tells whether a host is known inside a network only: an address by number, a name of one part, or
 * one with an end that no public name has.
 */
export function isInternalHost(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  const isNumber = name.startsWith("[") || name.includes(":") || /^[\d.]+$/.test(name);
  return isNumber || !name.includes(".") || INTERNAL_ENDS.test(name);
}

/** Gives the host of a git address, of either form; undefined where it has none. */
export function hostOfGit(address: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) {
    return URL.canParse(address) ? new URL(address).hostname : undefined;
  }
  return /^(?:[^/@]+@)?([^/@:]+):/.exec(address)?.[1];
}
