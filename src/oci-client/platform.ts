import type { Platform } from "./descriptor.ts";

/** What these architectures mean when nothing more is said. */
const USUAL_VARIANTS: Readonly<Record<string, string>> = { arm64: "v8", arm: "v7" };

/**
 * Writes a platform: "linux/amd64", "linux/arm/v7"; with the system's version where it has one:
 * "windows(10.0.17763.1)/amd64".
 */
export function platformName(platform: Platform): string {
  const { os, architecture, variant, "os.version": version } = platform;
  const system = version === undefined ? os : `${os}(${version})`;
  return [system, architecture, ...(variant === undefined ? [] : [variant])].join("/");
}

/** Tells whether a platform is the one wanted; any variant is, when none was named. */
export function isPlatform(platform: Platform, wanted: Platform): boolean {
  return (
    platform.os === wanted.os &&
    platform.architecture === wanted.architecture &&
    (wanted.variant === undefined || variantOf(platform) === wanted.variant)
  );
}

function variantOf({ variant, architecture }: Platform): string | undefined {
  return variant ?? USUAL_VARIANTS[architecture];
}
