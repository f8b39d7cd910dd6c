import { DevregError } from "../../errors.ts";
import type { GitCredentials } from "./project.ts";

/** The address of a git repository. */
export type GitAddress = HttpGitAddress | SshGitAddress;

/** A repository behind http or https. */
export interface HttpGitAddress {
  readonly kind: "http";
  /** Without user information, query and fragment. */
  readonly url: URL;
  /** The user information that the address carried. */
  readonly credentials?: GitCredentials;
}

/** A repository behind ssh. */
export interface SshGitAddress {
  readonly kind: "ssh";
  /** As git takes it: "ssh://git@host/path" or "git@host:path". */
  readonly text: string;
  readonly host: string;
  /** What comes after the host, without a slash in front. */
  readonly path: string;
}

/** A registry repository as commands take it: an address, and what to check out of it. */
export interface GitLocation {
  readonly url: string;
  /** Branch, tag or commit. */
  readonly revision?: string;
}

// A host or user that begins with a dash would be an option to ssh.
const SSH_URL =
  /^(?:git\+)?ssh:\/\/(?:[\w.+~][\w.+~-]*@)?(\[[0-9a-f:]+\]|[\w.][\w.-]*)(?::\d+)?\/(.+)$/i;
const SCP = /^(?:[\w.+~][\w.+~-]*@)?([\w.][\w.-]*):(?!\/\/)([^-].*)$/;

/** Tells whether a text is meant as the address of a git repository, not as a folder. */
export function isGitAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^[\w.+~-]+@[\w.-]+:/.test(text);
}

/** Splits "https://host/repo.git#branch". */
export function parseGitLocation(text: string): GitLocation {
  const at = text.indexOf("#");
  if (at < 0) return { url: text };
  const revision = text.slice(at + 1);
  return { url: text.slice(0, at), ...(revision === "" ? {} : { revision }) };
}

/**
 * Reads the address of a git repository.
 *
 * @throws {DevregError} INPUT_INVALID when it is none, or one of this machine; UNSUPPORTED for other
 *   protocols than https, http and ssh
 */
export function parseGitAddress(text: string): GitAddress {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0020\u007f]/.test(text))
    throw invalid(text, "it has blanks or control characters");
  if (/^https?:\/\//i.test(text)) return parseHttp(text);
  const ssh = SSH_URL.exec(text) ?? (text.includes("://") ? null : SCP.exec(text));
  const [, host, path] = ssh ?? [];
  if (host !== undefined && path !== undefined) return { kind: "ssh", text, host, path };
  const other = /^git:\/\/([\w.-]+)(?::\d+)?\/(.+)$/i.exec(text);
  if (other !== null) {
    throw new DevregError("UNSUPPORTED", `Cannot fetch "${text}": git:// is not spoken`, {
      hint: `Use https://${other[1]}/${other[2]}`,
    });
  }
  throw invalid(text, "it is no https, http or ssh address");
}

/** Gives the https form of an ssh address, as most servers have it. */
export function httpsForm({ host, path }: SshGitAddress): string {
  return `https://${host}/${path.replace(/^\/+/, "")}`;
}

/**
 * Resolves the address of a submodule, which may be relative to its repository's. Spec:
 * gitmodules, submodule.<name>.url: "./x" and "../x" count from the repository as from a folder.
 *
 * @throws {DevregError} INPUT_INVALID when it leads above the server's root or from a server to
 *   this machine
 */
export function resolveSubmodule(base: GitAddress, url: string): GitAddress {
  if (!/^\.\.?\//.test(url)) return parseGitAddress(url);
  const path = base.kind === "http" ? base.url.pathname : base.path;
  const parts = path.replace(/\/+$/, "").split("/");
  for (const part of url.replace(/\/+$/, "").split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined || parts.length === 0) {
        throw invalid(url, "it leads above the root of the server");
      }
    } else if (part !== "." && part !== "") parts.push(part);
  }
  if (base.kind === "http") {
    const resolved = new URL(base.url);
    resolved.pathname = parts.join("/");
    return { ...base, url: resolved };
  }
  const prefix = base.text.slice(0, base.text.length - base.path.length);
  return parseGitAddress(prefix + parts.join("/"));
}

function parseHttp(text: string): HttpGitAddress {
  const url = URL.parse(text);
  if (url === null) throw invalid(text, "it is no address");
  if (url.search !== "") throw invalid(text, "it has a query");
  const { username, password } = url;
  url.username = "";
  url.password = "";
  url.hash = "";
  if (username === "") return { kind: "http", url };
  const credentials = { username: decode(username), password: decode(password) };
  return { kind: "http", url, credentials };
}

/** Undoes percent encoding, where it is one. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function invalid(text: string, state: string): DevregError {
  const shown = text.replace(/\/\/[^/@]*@/, "//").slice(0, 200);
  return new DevregError("INPUT_INVALID", `Cannot fetch "${shown}": ${state}`, {
    hint: "Give an address like https://host/group/repository.git",
  });
}
