import { DevregError } from "../../errors.ts";

/** Where the submodules of a repository come from: addresses by path. */
export type Submodules = ReadonlyMap<string, string>;

/**
 * Reads a .gitmodules file. A name that has no path or no address is left out; the last of several
 * values counts. Spec: gitmodules and git config, syntax.
 *
 * @throws {DevregError} INPUT_INVALID when a line is neither a section nor a value
 */
export function parseGitmodules(text: string): Submodules {
  const sections = new Map<string, { path?: string; url?: string }>();
  let section: { path?: string; url?: string } = {};
  for (const [at, line] of logicalLines(text).entries()) {
    if (line === "" || /^[#;]/.test(line)) continue;
    const header = /^\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]\s*(?:[#;].*)?$/.exec(line);
    if (header !== null) {
      const [, kind = "", name = ""] = header;
      section = kind.toLowerCase() === "submodule" ? (sections.get(name) ?? {}) : {};
      if (kind.toLowerCase() === "submodule") sections.set(name, section);
      continue;
    }
    const [, key, value] = /^([a-z][a-z0-9-]*)\s*(?:=\s*(.*))?$/i.exec(line) ?? [];
    if (key === undefined) throw invalid(at + 1);
    if (key.toLowerCase() === "path") section.path = plain(value ?? "").replace(/\/+$/, "");
    if (key.toLowerCase() === "url") section.url = plain(value ?? "");
  }
  const found = new Map<string, string>();
  for (const { path, url } of sections.values()) {
    if (path !== undefined && url !== undefined) found.set(path, url);
  }
  return found;
}

/** Joins lines that end with a backslash which is not itself escaped. */
function logicalLines(text: string): string[] {
  return text
    .replace(/^\ufeff/, "")
    .replace(/(?<!\\)((?:\\\\)*)\\\r?\n/g, "$1")
    .split(/\r?\n/)
    .map((line) => line.trim());
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", b: "\b" };

/** Takes quotes, escapes, a comment, and blanks that are not quoted out of the end of a value. */
function plain(value: string): string {
  let text = "";
  let keptChars = 0;
  let quoted = false;
  for (let at = 0; at < value.length; at++) {
    const char = value.charAt(at);
    if (char === '"') quoted = !quoted;
    else if (char === "\\") {
      const next = value.charAt(++at);
      text += ESCAPES[next] ?? next;
    } else if (!quoted && /[#;]/.test(char)) break;
    else text += char;
    if (quoted || !/\s/.test(char)) keptChars = text.length;
  }
  return text.slice(0, keptChars);
}

function invalid(line: number): DevregError {
  return new DevregError("INPUT_INVALID", `Cannot read ".gitmodules": line ${line} is no setting`);
}
