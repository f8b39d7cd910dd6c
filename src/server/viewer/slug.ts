import slugify from "@sindresorhus/slugify";

/** Gives the part of an address that stands for a name. Parity: the library of today's viewer. */
export function slugOf(name: string): string {
  return slugify(name);
}
