import { watch } from "node:fs";
import { DevregError, describeError } from "../../errors.ts";
import { WATCH_SETTLE_MS } from "../../limits.ts";

const RELEVANT =
  /^(?:stacks|samples)(?:\/|$)|^(?:extraDevfileEntries\.yaml|last_modified\.json|index\.json|build\.json)$/;

/**
 * Calls back once a folder's registry content changed and was quiet for a moment; hidden files and
 * everything else in the folder do not count. Ends with the signal.
 *
 * @throws {DevregError} IO when the folder cannot be watched
 */
export function watchFolder(folder: string, signal: AbortSignal, changed: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const watcher = watch(folder, { recursive: true, signal }, (_event, name) => {
      if (name !== null && !RELEVANT.test(name)) return;
      clearTimeout(timer);
      timer = setTimeout(changed, WATCH_SETTLE_MS);
    });
    // A folder that vanishes ends the watch; what was read stays served.
    watcher.on("error", changed);
  } catch (cause) {
    throw new DevregError("IO", `Cannot watch "${folder}": ${describeError(cause)}`, { cause });
  }
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}
