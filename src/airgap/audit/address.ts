/** An address in a text. */
export interface FoundAddress {
  readonly text: string;
  /** As an {@link hostOf} of it. */
  readonly host: string;
  /** Where it begins, in UTF-16 units. */
  readonly at: number;
}

const ADDRESS = /(?:\b(?:https?|git|git\+ssh|ssh|ftps?):\/\/|\bgit@[\w.-]+:(?!\/))[^\s"'`<>\\|]+/gi;
const ABSOLUTE = /^(?:[a-z][a-z0-9+.-]*:)?\/\//i;
const SCP = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)/;
const LOOPBACK = /^(?:\*|localhost|.*\.localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\])$/;

/** Finds the addresses of the web and of git in a text. */
export function findAddresses(text: string): readonly FoundAddress[] {
  return [...text.matchAll(ADDRESS)].map((match) => {
    const address = match[0].replace(/[.,;:!?)\]}]+$/, "");
    return { text: address, host: hostOf(address), at: match.index };
  });
}

/** Tells an address that names a host from a path beside the document, or one with its content. */
export function isAbsolute(text: string): boolean {
  return ABSOLUTE.test(text);
}

/** Tells an address in the form of scp: "git@host:path". */
export function isScp(text: string): boolean {
  return !isAbsolute(text) && text.includes("@") && SCP.test(text);
}

/**
 * Gives the host of an address, with its port unless that is the default one; empty where it
 * cannot be told, such as behind a variable.
 */
export function hostOf(address: string): string {
  if (isScp(address)) return (SCP.exec(address)?.[1] ?? "").toLowerCase();
  const url = URL.parse(address.startsWith("//") ? `https:${address}` : address);
  // Only schemes of the web have their host read as one: ssh://Host keeps its case.
  return url === null || /[{}$%]/.test(url.host) ? "" : url.host.toLowerCase();
}

/** Tells a host that is the machine itself, or what it listens at. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host.replace(/:\d+$/, ""));
}
