import { invariant } from "../assert.ts";
import { iconDataAddress, iconFormatOf } from "./icons-format.ts";
import type { PackagedFile } from "./package-stack.ts";

/**
 * Gives the address of a stored icon ("icons/<sha256>.<extension>"); without a public URL one that
 * holds the icon itself, since clients show an icon without knowing where the registry is.
 */
export function iconAddress(publicUrl: string | undefined, { name, bytes }: PackagedFile): string {
  if (publicUrl !== undefined) return `${publicUrl}/${name}`;
  const format = iconFormatOf(bytes);
  invariant(format !== undefined, "only images are stored as icons");
  return iconDataAddress(bytes, format);
}
