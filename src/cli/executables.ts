import { resolve } from "node:path";
import type { Executable, Executables } from "../airgap/index.ts";
import { DevregError } from "../errors.ts";
import { type Platform, platformName } from "../oci-client/index.ts";
import type { ProcessEdge } from "./edge.ts";
import { platform as platformText } from "./values.ts";

/** The flag that names executables of other platforms: "OS/ARCH=FILE". */
export interface ExecutablesConfig {
  readonly binary: readonly string[];
}

/**
 * Opens the executables that go into images: the running one, where there is one, and those that
 * the flag names; a named one wins.
 *
 * @throws {DevregError} USAGE for a flag of another form; as openExecutable() does
 */
export async function openExecutables(
  { executable, cwd }: ProcessEdge,
  { binary }: ExecutablesConfig,
): Promise<Executables> {
  const { openExecutable } = await import("../airgap/index.ts");
  const named = binary.map(parseBinary);
  const running = executable === undefined ? [] : [executable];
  const opened = new Map<string, Executable>();
  for (const { path, platform } of [...running, ...named]) {
    opened.set(platformName(platform), await openExecutable(resolve(cwd, path), platform));
  }
  return opened;
}

function parseBinary(text: string): { readonly platform: Platform; readonly path: string } {
  const equals = text.indexOf("=");
  const platform = platformText.safeParse(text.slice(0, Math.max(0, equals)));
  const path = text.slice(equals + 1);
  if (platform.success && path !== "") return { platform: platform.data, path };
  throw new DevregError("USAGE", `Cannot read --binary "${text}"`, {
    hint: "The form is OS/ARCH=FILE: linux/arm64=./devreg-arm64",
  });
}
