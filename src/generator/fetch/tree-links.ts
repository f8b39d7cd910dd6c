import { DevregError } from "../../errors.ts";
import { LINK_HOPS } from "../../limits.ts";
import type { ProjectEntry } from "./project.ts";

/**
 * Checks that no link leads out of the tree, by whatever other links it goes, and that none leads
 * back to itself. A link to a name that the tree lacks is let be.
 *
 * @throws {DevregError} INPUT_INVALID naming the link
 */
export function checkLinks(entries: readonly ProjectEntry[]): void {
  const links = new Map<string, string>();
  for (const entry of entries) {
    if (entry.mode === "symlink") links.set(entry.path, entry.target);
  }
  for (const [path, target] of links) follow(path, target, links);
}

function follow(path: string, target: string, links: ReadonlyMap<string, string>): void {
  const at = path.split("/").slice(0, -1);
  const rest = target.split("/");
  if (target === "" || target.startsWith("/") || /[\\\0]|^[a-z]:/i.test(target)) {
    throw refused(path, target, "it leads out of the project");
  }
  for (let hops = 0; rest.length > 0; ) {
    const name = rest.shift() ?? "";
    if (name === "" || name === ".") continue;
    if (name === "..") {
      if (at.pop() === undefined) throw refused(path, target, "it leads out of the project");
      continue;
    }
    const next = links.get([...at, name].join("/"));
    if (next === undefined) at.push(name);
    else if (++hops > LINK_HOPS) throw refused(path, target, "it leads back to itself");
    else rest.unshift(...next.split("/"));
  }
}

function refused(path: string, target: string, state: string): DevregError {
  const shown = target.slice(0, 200);
  return new DevregError("INPUT_INVALID", `Cannot keep link "${path}" to "${shown}": ${state}`, {
    hint: "Replace the link by the files it stands for",
  });
}
