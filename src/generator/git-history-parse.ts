import { DevregError } from "../errors.ts";

/** When somebody wrote or committed something. */
export interface GitTime {
  /** Seconds since 1970. */
  readonly seconds: number;
  /** Minutes east of UTC. */
  readonly offsetMinutes: number;
}

/** What dating needs of a commit. */
export interface Commit {
  readonly oid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: GitTime;
  readonly committer: GitTime;
}

/** One name in a tree. */
export interface TreeEntry {
  /** "40000", "100644", "100755", "120000" (symbolic link) or "160000" (commit of a submodule). */
  readonly mode: string;
  readonly oid: string;
  readonly folder: boolean;
}

/** The entries of a tree by name. */
export type TreeEntries = ReadonlyMap<string, TreeEntry>;

const OID_BYTES = 20;

/** Reads the header of a commit. @throws {DevregError} INPUT_INVALID when it has no tree */
export function parseCommit(oid: string, content: Buffer): Commit {
  const end = content.indexOf("\n\n");
  const lines = content.toString("utf8", 0, end < 0 ? content.byteLength : end).split("\n");
  const values = (key: string) =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const [tree] = values("tree");
  if (tree === undefined) {
    throw new DevregError("INPUT_INVALID", `Cannot read git commit ${oid}: it names no tree`);
  }
  const [author = ""] = values("author");
  const [committer = ""] = values("committer");
  return {
    oid,
    tree,
    parents: values("parent"),
    author: parseTime(author),
    committer: parseTime(committer),
  };
}

/** Reads a tree. @throws {DevregError} INPUT_INVALID when it breaks off */
export function parseTree(content: Buffer): TreeEntries {
  const entries = new Map<string, TreeEntry>();
  for (let at = 0; at < content.byteLength; ) {
    const space = content.indexOf(0x20, at);
    const end = content.indexOf(0, space);
    const next = end + 1 + OID_BYTES;
    if (space < 0 || end < 0 || next > content.byteLength) {
      throw new DevregError("INPUT_INVALID", "Cannot read git tree: it breaks off");
    }
    const mode = content.toString("latin1", at, space);
    const oid = content.toString("hex", end + 1, next);
    const name = content.toString("utf8", space + 1, end);
    entries.set(name, { mode, oid, folder: mode === "40000" });
    at = next;
  }
  return entries;
}

/**
 * Writes a time as RFC 3339 with its own offset: "2024-05-02T10:00:00+02:00", and Z for no offset.
 */
export function formatGitTime({ seconds, offsetMinutes }: GitTime): string {
  const local = new Date((seconds + offsetMinutes * 60) * 1000).toISOString().slice(0, 19);
  if (offsetMinutes === 0) return `${local}Z`;
  const minutes = Math.abs(offsetMinutes);
  const two = (value: number) => String(value).padStart(2, "0");
  const sign = offsetMinutes < 0 ? "-" : "+";
  return `${local}${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Reads the end of "A U Thor <mail> 1714636800 +0200"; what is damaged is 1970, as for git. */
function parseTime(line: string): GitTime {
  const match = /> (\d{1,12}) ([+-])(\d{2})(\d{2})$/.exec(line);
  if (match === null) {
    return { seconds: Number(/> (\d{1,12})(?: |$)/.exec(line)?.[1] ?? 0), offsetMinutes: 0 };
  }
  const [, seconds, sign, hours, minutes] = match;
  const offset = Number(hours) * 60 + Number(minutes);
  return { seconds: Number(seconds), offsetMinutes: sign === "-" && offset > 0 ? -offset : offset };
}
