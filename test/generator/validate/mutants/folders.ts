import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { generateFolder } from "../../../support/registry-repository.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { BASE } from "./base.ts";
import { lineOf } from "./mutant.ts";

/** A fault that only a folder on disk can have. */
export interface FolderMutant {
  readonly name: string;
  readonly expects: readonly string[];
  /** Makes it in the folder of the repository without fault. */
  readonly make: (folder: string) => Promise<void>;
}

const link = (to: string, path: string) => (folder: string) => symlink(to, join(folder, path));

/** Faults of links and folders. */
export const FOLDER_MUTANTS: readonly FolderMutant[] = [
  {
    name: "a link to nothing",
    expects: ["warning link-dangling stacks/app/1.1.0/gone"],
    make: link("nothing", "stacks/app/1.1.0/gone"),
  },
  {
    name: "a link out of it",
    expects: ["error link-leaves-repository stacks/app/1.1.0/out"],
    make: link("/etc", "stacks/app/1.1.0/out"),
  },
  {
    name: "a link to a folder above",
    expects: ["error link-loop stacks/app/1.1.0/loop"],
    make: link("..", "stacks/app/1.1.0/loop"),
  },
  {
    name: "a stack that is a link",
    expects: ["warning stack-link stacks/alias"],
    make: link("app", "stacks/alias"),
  },
  {
    name: "a name that is no text",
    expects: ["error unreadable-file stacks/app/1.1.0/a\ufffd"],
    make: (folder) =>
      writeFile(Buffer.concat([Buffer.from(`${folder}/stacks/app/1.1.0/a`), Buffer.of(0xff)]), ""),
  },
  {
    name: "stacks in two folders",
    expects: ["warning devfiles-ignored devfiles"],
    make: async (folder) => void (await mkdir(join(folder, "devfiles"))),
  },
];

/** Gives what generating from the folder of a mutant finds. */
export async function findInFolder({ make }: FolderMutant): Promise<string[]> {
  await using folder = await temporaryFolder();
  for (const [path, text] of Object.entries(BASE)) {
    await mkdir(dirname(join(folder.path, path)), { recursive: true });
    await writeFile(join(folder.path, path), text);
  }
  await make(folder.path);
  const { report } = await generateFolder(folder.path);
  return report.findings.map(lineOf);
}
