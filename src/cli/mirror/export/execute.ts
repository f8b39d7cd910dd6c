import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import {
  EXPORT_FORMATS,
  type ExportedFile,
  exportClusterConfig,
  shownLocation,
  targetPathsOf,
} from "../../../airgap/index.ts";
import { ioError, writeFileAtomic } from "../../../atomic-file.ts";
import { utf8 } from "../../../bytes.ts";
import { DevregError } from "../../../errors.ts";
import type { Build } from "../../../generator/index.ts";
import { escapeUnsafe } from "../../../log.ts";
import type { Invocation } from "../../command.ts";
import type { ProcessEdge } from "../../edge.ts";
import { EXIT } from "../../report.ts";
import { publicUrl } from "../../values.ts";
import { openBundleOrLock } from "../bundle-or-lock.ts";
import { requireTarget } from "../target.ts";
import type { exportFlags } from "./flags.ts";

/** Runs `devreg mirror export` and gives its exit code. */
export async function executeExport(
  edge: ProcessEdge,
  { config, operands }: Invocation<typeof exportFlags>,
): Promise<number> {
  const location = requireTarget("mirror export", config.to);
  const folder = requireFolder(config.output);
  await using closing = new AsyncDisposableStack();
  const { lock, bundle } = await openBundleOrLock(edge, operands[0] ?? "", closing);
  const build = await bundle?.build();
  const { pathStyle, maxPathDepth, name } = config;
  const formats = config.format.flat();
  const { files, notes } = exportClusterConfig(lock, location, {
    formats: formats.length === 0 ? EXPORT_FORMATS : formats,
    targets: targetPathsOf(lock, { location, pathStyle, maxPathDepth }),
    insecure: config.plainHttp.includes(location.registry),
    name,
    publicUrl: config.publicUrl ?? publicUrlOf(build),
    index: build?.index,
  });
  for (const file of files) await write(resolve(edge.cwd, folder), file);
  const lines = [
    ...notes.map((note) => `note: ${note}`),
    ...files.map((file) => join(folder, file.name)),
    `${files.length} files for ${shownLocation(location)}`,
  ];
  edge.stdout.write(`${lines.map(escapeUnsafe).join("\n")}\n`);
  return EXIT.done;
}

/** A bundle may come from anybody: what is no plain address must not get into files of a cluster. */
function publicUrlOf(build: Build | undefined): string | undefined {
  const text = build?.info?.offline?.publicUrl;
  if (text === undefined) return undefined;
  const parsed = publicUrl.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new DevregError(
    "INPUT_INVALID",
    `Cannot use public URL "${text}": it is no plain address`,
    {
      hint: "The bundle says so; name the right one: --public-url URL",
    },
  );
}

function requireFolder(folder: string | undefined): string {
  if (folder !== undefined) return folder;
  throw new DevregError("USAGE", "Cannot run mirror export: -o is missing", {
    hint: "Name the folder to write into: -o DIR",
  });
}

async function write(folder: string, { name, text }: ExportedFile): Promise<void> {
  const path = join(folder, name);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, utf8(text), name.endsWith(".sh") ? { mode: 0o755 } : {});
  } catch (error) {
    throw ioError("write", path, error);
  }
}
