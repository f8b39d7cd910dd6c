/** Why a path is not looked at any further. */
export type PathFault = "malformed" | "not-found";

/** Text of a control character, plain or percent-encoded, and of a broken percent sign. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const MALFORMED = /%(?:0[0-9a-f]|1[0-9a-f]|7f)|%(?![0-9a-f]{2})|[\u0000-\u001f\u007f]/i;
/** An encoded separator: no name of ours has one, so it only ever hides a path inside a name. */
const HIDDEN_SEPARATOR = /%(?:2f|5c)/i;

/**
 * Says what is wrong with a path as it came in: control characters and broken escapes are
 * malformed, encoded separators name nothing.
 */
export function findPathFault(path: string): PathFault | undefined {
  if (!path.includes("%") && !MALFORMED.test(path)) return undefined;
  if (MALFORMED.test(path)) return "malformed";
  if (HIDDEN_SEPARATOR.test(path)) return "not-found";
  try {
    decodeURIComponent(path);
    return undefined;
  } catch {
    return "malformed";
  }
}

/**
 * Splits what follows `prefix` into decoded parts; undefined where a part is empty or a dot part,
 * so that the parts joined again stay below where they are looked up.
 */
export function partsBelow(prefix: string, path: string): readonly string[] | undefined {
  const parts = path.slice(prefix.length).split("/").map(decodeURIComponent);
  const safe = parts.every(
    (part) => part !== "" && part !== "." && part !== ".." && !/[\\/]/.test(part),
  );
  return safe ? parts : undefined;
}

const SLASH = 0x2f;
const QUESTION_MARK = 0x3f;
const HASH = 0x23;

/** What stays at the root whatever the base path is. */
const AT_ROOT = /^\/(?:health|readyz|v2)(?:\/|$)/;

/**
 * Makes the function that gives the path to route by: without base path, runs of slashes collapsed,
 * escapes as they came.
 */
export function createPathReader(basePath: string): (request: Request) => string {
  // Each request is asked for its path more than once.
  let last = { url: "", path: "/" };
  return ({ url }) => {
    if (url === last.url) return last.path;
    const path = rawPath(url);
    const below = stripBase(path, basePath);
    last = { url, path: below !== undefined && !AT_ROOT.test(below) ? below : path };
    return last.path;
  };
}

/** Gives the base path if the request came in below it, else nothing: what links must begin with. */
export function basePathOf(request: Request, basePath: string): string {
  return stripBase(rawPath(request.url), basePath) === undefined ? "" : basePath;
}

/** Gives the query without its question mark; empty when there is none. */
export function rawQuery(url: string): string {
  const mark = url.indexOf("?");
  if (mark < 0) return "";
  const hash = url.indexOf("#", mark);
  return hash < 0 ? url.slice(mark + 1) : url.slice(mark + 1, hash);
}

/**
 * Gives the path with runs of slashes collapsed, escapes as they came. Without a Host that makes an
 * address, as in HTTP/1.0, Bun gives the target of the request line alone.
 */
export function rawPath(url: string): string {
  const start = url.startsWith("/") ? 0 : url.indexOf("/", url.indexOf("://") + 3);
  if (start < 0) return "/";
  let end = start;
  let collapse = false;
  for (; end < url.length; end++) {
    const char = url.charCodeAt(end);
    if (char === QUESTION_MARK || char === HASH) break;
    collapse ||= char === SLASH && url.charCodeAt(end + 1) === SLASH;
  }
  const path = url.slice(start, end);
  return collapse ? path.replace(/\/{2,}/g, "/") : path;
}

function stripBase(path: string, basePath: string): string | undefined {
  if (basePath === "" || basePath === "/" || !path.startsWith(basePath)) return undefined;
  const rest = path.slice(basePath.length);
  if (rest === "") return "/";
  return rest.startsWith("/") ? rest : undefined;
}
