import type { TObject } from "@sinclair/typebox";
import type { SchemaName } from "./schemas.ts";

/** The parts that the document is divided into. */
export type Tag =
  | "Index"
  | "Devfiles"
  | "Files"
  | "Search"
  | "Registry"
  | "State"
  | "Updates"
  | "Viewer";

/** One kind of answer. */
export interface Answer {
  readonly description: string;
  /** The schema of its body by media type; null for bytes. */
  readonly content?: Readonly<Record<string, SchemaName | null>>;
  /** Names of headers worth telling, with what they hold. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One thing that the server does. */
export interface Operation {
  /** Address with names in braces: "/devfiles/{stack}". */
  readonly path: string;
  /** Default: get, which stands for HEAD too. */
  readonly method?: "post";
  /** The patterns of the application that answer it. */
  readonly routes: readonly string[];
  /** Unique. */
  readonly id: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  readonly query?: TObject;
  readonly body?: SchemaName;
  /** True for what only who knows the secret may do. */
  readonly secret?: boolean;
  /** By status. */
  readonly answers: Readonly<Record<string, Answer>>;
}

/** What follows a path with a name in braces. */
export const PATH_PARAMETERS: Readonly<Record<string, string>> = {
  stack: "Name of a stack or sample; may have slashes",
  version: 'A version, "default" or "latest"; "1" and "1.2" are the newest version that begins so',
  file: "Path of a file, beside the devfile or inside the archive of the stack",
  project: "Name of a starter project",
  type: "stack, sample or all",
  path: "Path of a file",
  name: "Name of a repository; may have slashes",
  reference: "A tag or a digest",
  digest: "A digest",
  icon: "Name of an icon, made of its content",
};

/** An answer without a body worth describing. */
export function plain(description: string): Answer {
  return { description };
}

/** An answer in JSON. */
export function json(description: string, schema: SchemaName): Answer {
  return { description, content: { "application/json": schema } };
}
