import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import {
  ARTIFACT_TYPE_CHARS,
  ARTIFACT_TYPE_NAMES,
  ARTIFACT_TYPES,
  ARTIFACT_TYPES_BYTES,
} from "../../../artifact-limits.ts";
import { systemState } from "../../../atomic-file.ts";
import { DevregError, describeError, InputError, type InputIssue } from "../../../errors.ts";
import { YAML_ALIASES } from "../../../limits.ts";
import { schemaIssueText } from "../../../schema-issue.ts";
import {
  ACTION_PLACES,
  ARTIFACT_ICONS,
  type ArtifactType,
  SCAN_KINDS,
} from "../../../server/index.ts";
import type { ProcessEdge } from "../../edge.ts";

const text = z.string().trim().min(1).max(ARTIFACT_TYPE_CHARS);
const mediaTypes = z
  .array(text.regex(/^[^\s*]+\*?$/, "is no media type; * may stand at its end alone"))
  .max(ARTIFACT_TYPE_NAMES);
const template = text.superRefine((value, context) => {
  if (/\p{Cc}/u.test(value)) context.addIssue({ code: "custom", message: "has a line break" });
  const known = ACTION_PLACES.map((place) => `{${place}}`);
  for (const [place] of value.matchAll(/\{[^}]*\}/g)) {
    if (known.includes(place)) continue;
    const message = `${place} names nothing; known are ${known.join(", ")}`;
    context.addIssue({ code: "custom", message });
  }
});
const typeSchema = z.strictObject({
  id: text.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "must be of small letters, digits and hyphens"),
  text,
  icon: z.enum(ARTIFACT_ICONS).default("unknown"),
  match: mediaTypes.min(1),
  layers: mediaTypes.optional(),
  action: template.optional(),
  scan: z.enum(SCAN_KINDS).default("none"),
  scanAction: template.optional(),
});
const fileSchema = z.strictObject({
  types: z
    .array(typeSchema)
    .max(ARTIFACT_TYPES)
    .superRefine((types, context) => {
      for (const [at, { id }] of types.entries()) {
        if (types.findIndex((each) => each.id === id) === at) continue;
        context.addIssue({ code: "custom", path: [at, "id"], message: `"${id}" is there twice` });
      }
    }),
});

/**
 * Reads the file of --artifact-types: YAML or JSON with a list `types`.
 *
 * @throws {DevregError} CONFIG_INVALID when it cannot be read; LIMIT_EXCEEDED when it is too large
 * @throws {InputError} INPUT_INVALID with what is wrong and where
 */
export async function readArtifactTypes(
  edge: Pick<ProcessEdge, "cwd">,
  path: string,
): Promise<readonly ArtifactType[]> {
  return parseArtifactTypes(path, await read(resolve(edge.cwd, path), path));
}

/**
 * Parses artifact types.
 *
 * @param file what messages call it
 * @throws {InputError} INPUT_INVALID with what is wrong and where
 */
export function parseArtifactTypes(file: string, source: string): readonly ArtifactType[] {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const issueAt = (offset: number, message: string, at?: string): InputIssue => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, message, ...(at === undefined ? {} : { path: at }) };
  };
  if (document.errors.length > 0) {
    throw refused(
      file,
      document.errors.map(({ message, pos }) => issueAt(pos[0], message)),
    );
  }
  const parsed = fileSchema.safeParse(
    plain(document, (state) => refused(file, [issueAt(0, state)])),
  );
  if (parsed.success) return parsed.data.types;
  throw refused(
    file,
    parsed.error.issues.map((issue) => {
      const { path } = issue;
      const [unknown] = issue.code === "unrecognized_keys" ? issue.keys : [];
      const whole = unknown === undefined ? path : [...path, unknown];
      const offset = keyOffset(document, path, unknown) ?? offsetOf(document, whole);
      return issueAt(offset, schemaIssueText(issue), whole.map(String).join("."));
    }),
  );
}

type YamlFile = ReturnType<typeof parseDocument>;

function plain(document: YamlFile, refuse: (state: string) => InputError): unknown {
  try {
    return document.toJS({ maxAliasCount: YAML_ALIASES }) ?? {};
  } catch (error) {
    throw refuse(describeError(error));
  }
}

/** Gives the place of a key itself, which is what is wrong where nobody knows it. */
function keyOffset(
  document: YamlFile,
  path: readonly PropertyKey[],
  key: string | undefined,
): number | undefined {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  if (key === undefined || !isMap(map)) return undefined;
  const pair = map.items.find((each) => isScalar(each.key) && each.key.value === key);
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}

/** Gives the nearest place of a path that is there. */
function offsetOf(document: YamlFile, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

async function read(path: string, shown: string): Promise<string> {
  const file = Bun.file(path);
  if (file.size > ARTIFACT_TYPES_BYTES) {
    const state = `over the limit of ${ARTIFACT_TYPES_BYTES} bytes`;
    throw new DevregError("LIMIT_EXCEEDED", `Cannot read --artifact-types "${shown}": ${state}`);
  }
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const state = `Cannot read --artifact-types "${shown}": ${systemState(cause)}`;
    throw new DevregError("CONFIG_INVALID", state, { cause });
  }
}

function refused(file: string, issues: readonly InputIssue[]): InputError {
  return new InputError(`Cannot read "${file}": these are no artifact types`, issues, {
    hint: "See docs/artifacts.md for an example",
  });
}
