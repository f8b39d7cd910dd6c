import { compareBytewise } from "./ordering.ts";
import type { SourceFile } from "./stack-source.ts";

/** Gives the files below a folder, of files that are sorted bytewise by path; it looks at few more. */
export function filesBelow(files: readonly SourceFile[], folder: string): readonly SourceFile[] {
  const prefix = `${folder}/`;
  const start = placeOf(files, prefix);
  let end = start;
  while (files[end]?.path.startsWith(prefix) === true) end += 1;
  return files.slice(start, end);
}

/** Gives where a path would stand among sorted files. */
function placeOf(files: readonly SourceFile[], path: string): number {
  let [low, high] = [0, files.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareBytewise(files[middle]?.path ?? "", path) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
