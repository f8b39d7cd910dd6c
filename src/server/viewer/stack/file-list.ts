import { LISTED_FILES } from "../../../viewer-limits.ts";
import { table } from "../components.ts";
import { cut } from "../cut.ts";
import { type Html, html } from "../html.ts";
import { filePath } from "./addresses.ts";
import type { OpenedVersion, VersionFile } from "./open-version.ts";

const UNITS = ["bytes", "KiB", "MiB", "GiB"];

/** Lists the files of a version, those in its archive too, each with its size and a link. */
export function fileList(root: string, opened: OpenedVersion): Html {
  const { files, isClosed } = opened;
  const left = files.length - LISTED_FILES;
  const shown = files.slice(0, LISTED_FILES);
  const somePacked = shown.some(({ isPacked }) => isPacked);
  return html`${table(
    "Files",
    ["File", "Size", ...(somePacked ? ["Where"] : [])],
    shown.map((file) => [
      html`<a href="${root}${linkOf(opened, file)}">${cut(file.name)}</a>`,
      readableSize(file.sizeBytes),
      ...(somePacked ? [file.isPacked ? "in archive.tar" : "beside it"] : []),
    ]),
  )}${left > 0 ? html`<p class="soft">and ${left} more</p>` : undefined}${
    isClosed ? html`<p class="soft">What is in archive.tar is not listed here.</p>` : undefined
  }`;
}

/** Gives a size as people read it: "12.3 KiB". */
export function readableSize(bytes: number): string {
  if (bytes === 1) return "1 byte";
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

function linkOf({ entry, version }: OpenedVersion, { name }: VersionFile): string {
  return filePath(entry, version.name, name);
}
