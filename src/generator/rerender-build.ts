import { textOf, utf8 } from "../bytes.ts";
import { eachBounded } from "../concurrent.ts";
import { FILE_CONCURRENCY } from "../limits.ts";
import type { Build } from "./build.ts";
import { stackDigests } from "./build-info.ts";
import { iconAddress } from "./icon-address.ts";
import { iconFormatOf } from "./icons-format.ts";
import { formatIndex, parseIndex } from "./index-json.ts";
import type { RegistryIndex } from "./index-schema.ts";
import { OverlaidFiles } from "./overlaid-files.ts";
import { packStackArtifacts } from "./pack-stack.ts";
import { readDevfileRoot, rerenderDevfile } from "./rewrite/index.ts";

const DEVFILE = /^((?:stacks|samples)\/.+)\/\.?devfile\.yaml$/;
const ICON = /^icons\/[^/]+$/;

/** The new address of each icon of a build, by the address it has in devfiles and index. */
type IconAddresses = ReadonlyMap<string, string>;

/**
 * Lets an offline build answer at another public URL: the addresses in its devfiles and its index
 * are made for it, and nothing else changes. Any other build, and one for this URL, stays as it is.
 *
 * @throws {DevregError} INPUT_INVALID when a devfile of the build cannot be read
 */
export async function rerenderBuild(build: Build, publicUrl: string): Promise<Build> {
  const { info } = build;
  const from = info?.offline?.publicUrl;
  if (info?.offline === undefined || from === publicUrl) return build;
  const paths = await build.files.paths();
  const icons = await moveIcons(build, paths, publicUrl);
  const files = new OverlaidFiles(
    build.files,
    await moveDevfiles(build, paths, { to: publicUrl, icons }),
  );
  const indexBytes = formatIndex(moveIndex(build.index, icons));
  const moved = { index: parseIndex(indexBytes), indexBytes, files, info };
  const { artifacts } = await packStackArtifacts(moved);
  const offline = { ...info.offline, publicUrl, restOnly: 0, documents: 0 };
  return { ...moved, info: { ...info, stacks: stackDigests(artifacts), offline } };
}

async function moveIcons(
  build: Build,
  paths: readonly string[],
  to: string,
): Promise<IconAddresses> {
  const from = build.info?.offline?.publicUrl;
  const moved = await eachBounded(
    paths.filter((path) => ICON.test(path)),
    FILE_CONCURRENCY,
    async (name) => {
      const icon = { name, bytes: await build.files.read(name) };
      // Whatever else somebody put there was never given an address.
      if (iconFormatOf(icon.bytes) === undefined) return [];
      return [[iconAddress(from, icon), iconAddress(to, icon)] as const];
    },
  );
  return new Map(moved.flat());
}

async function moveDevfiles(
  build: Build,
  paths: readonly string[],
  { to, icons }: { readonly to: string; readonly icons: IconAddresses },
): Promise<ReadonlyMap<string, Uint8Array>> {
  const from = build.info?.offline?.publicUrl;
  const documents = new Map(
    Object.entries(build.info?.offline?.documentFiles ?? {}).map(([address, file]) => [
      address,
      `documents/${file}`,
    ]),
  );
  const devfiles = paths.flatMap((path) => {
    const folder = DEVFILE.exec(path)?.[1];
    return folder === undefined ? [] : [{ path, folder }];
  });
  const moved = await eachBounded(devfiles, FILE_CONCURRENCY, async ({ path, folder }) => {
    const text = textOf(await build.files.read(path));
    const shown = readDevfileRoot(path, text).get("metadata").get("icon").text();
    const icon = shown === undefined ? undefined : icons.get(shown);
    const plan = {
      folder,
      to,
      ...(from === undefined ? {} : { from }),
      ...(icon === undefined ? {} : { icon }),
      documents,
    };
    return [path, utf8(rerenderDevfile(text, plan, path))] as const;
  });
  return new Map(moved);
}

function moveIndex(index: RegistryIndex, icons: IconAddresses): RegistryIndex {
  const move = <Part extends { icon?: string }>(part: Part): Part => {
    const icon = part.icon === undefined ? undefined : icons.get(part.icon);
    return icon === undefined ? part : { ...part, icon };
  };
  return index.map((entry) => {
    const { versions } = entry;
    return { ...move(entry), ...(versions === undefined ? {} : { versions: versions.map(move) }) };
  });
}
