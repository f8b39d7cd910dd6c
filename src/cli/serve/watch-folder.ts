import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { DevregError, describeError } from "../../errors.ts";
import { WATCH_SETTLE_MS } from "../../limits.ts";

const RELEVANT =
  /^(?:stacks|devfiles|samples|icons)(?:\/|$)|^(?:extraDevfileEntries\.yaml|last_modified\.json|index\.json|build\.json)$/;

/**
 * Calls back once a folder's registry content changed and was quiet for a moment, also when the
 * folder as a whole is replaced, as `generate` does it. Hidden files and everything else in the
 * folder do not count. Ends with the signal.
 *
 * @throws {DevregError} IO when the folder cannot be watched
 */
export function watchFolder(folder: string, signal: AbortSignal, changed: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const settle = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, WATCH_SETTLE_MS);
  };
  let inside: FSWatcher | undefined = watchInside(folder, signal, settle);
  const around = open(dirname(folder), { signal }, (name) => {
    if (name !== basename(folder)) return;
    inside?.close();
    inside = watchAgain(folder, signal, settle);
    settle();
  });
  around.on("error", settle);
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}

function watchInside(folder: string, signal: AbortSignal, settle: () => void) {
  const watcher = open(folder, { recursive: true, signal }, (name) => {
    if (name === null || RELEVANT.test(name)) settle();
  });
  // A folder that vanishes ends this watch; what was read stays served.
  watcher.on("error", settle);
  return watcher;
}

/** Between two halves of a replacement there is nothing to watch; the second half calls again. */
function watchAgain(folder: string, signal: AbortSignal, settle: () => void) {
  try {
    return watchInside(folder, signal, settle);
  } catch {
    return undefined;
  }
}

function open(
  folder: string,
  options: { readonly recursive?: boolean; readonly signal: AbortSignal },
  seen: (name: string | null) => void,
): FSWatcher {
  try {
    return watch(folder, options, (_event, name) => seen(name));
  } catch (cause) {
    throw new DevregError("IO", `Cannot watch "${folder}": ${describeError(cause)}`, { cause });
  }
}
