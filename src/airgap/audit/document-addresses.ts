import { DevregError } from "../../errors.ts";
import type { IndexEntry } from "../../generator/index.ts";
import { readDevfileRoot, type YamlNode } from "../../generator/rewrite/index.ts";
import { YAML_DEPTH } from "../../limits.ts";
import { findAddresses, hostOf, isAbsolute, isScp } from "./address.ts";
import type { AuditedAddress } from "./audit.ts";
import {
  type AddressRole,
  type DocumentPath,
  pointerTo,
  roleInDevfile,
  roleInEntry,
} from "./classify.ts";

/** An address and what it is for. */
export interface RoleOfAddress {
  readonly address: AuditedAddress;
  readonly role: AddressRole;
}

/** A text of a document, and where it stands. */
interface DocumentText {
  readonly path: DocumentPath;
  readonly text: string;
  readonly line?: number;
}

/**
 * Lists the addresses of a devfile, whatever key they stand under.
 *
 * @param file path in the build
 * @throws {DevregError} INPUT_INVALID when it is no YAML
 */
export function devfileAddresses(
  file: string,
  text: string,
  isSample: boolean,
): readonly RoleOfAddress[] {
  return yamlTexts(readDevfileRoot(file, text)).flatMap((one) =>
    addressesOf(file, one, roleInDevfile(one.path, isSample)),
  );
}

/** Lists the addresses of an entry of an index. @param at its place in the index */
export function entryAddresses(entry: IndexEntry, at: number): readonly RoleOfAddress[] {
  return jsonTexts(entry).flatMap((one) =>
    addressesOf("index.json", { ...one, path: [at, ...one.path] }, roleInEntry(one.path)),
  );
}

/** Lists the addresses of any other text; nothing tells what they are for. */
export function textAddresses(file: string, text: string): readonly RoleOfAddress[] {
  let [line, counted] = [1, 0];
  return findAddresses(text).map(({ text: address, host, at }) => {
    line += text.slice(counted, at).split("\n").length - 1;
    counted = at;
    return {
      address: { file, pointer: `line:${line}`, line, text: address, host },
      role: undefined,
    };
  });
}

/** Where a role says that the text is an address, it is one as a whole. */
function addressesOf(
  file: string,
  { path, text, line }: DocumentText,
  role: AddressRole,
): readonly RoleOfAddress[] {
  if (role === "image") return [];
  const place = { file, pointer: pointerTo(path), ...(line === undefined ? {} : { line }) };
  if (role === undefined || role === "link" || role === "origin") {
    return findAddresses(text).map(({ text: address, host }) => ({
      address: { ...place, text: address, host },
      role,
    }));
  }
  const leads = isAbsolute(text) || isScp(text) || /^\{\{/.test(text);
  return leads ? [{ address: { ...place, text, host: hostOf(text) }, role }] : [];
}

function yamlTexts(root: YamlNode): readonly DocumentText[] {
  const found: DocumentText[] = [];
  const visit = (node: YamlNode, path: DocumentPath) => {
    if (path.length > YAML_DEPTH) throw tooDeep(node);
    if (node.isMap) for (const [key, below] of node.entries()) visit(below, [...path, key]);
    else if (node.isList)
      for (const [at, item] of node.items().entries()) visit(item, [...path, at]);
    else if (node.present) {
      const { line } = node.position();
      found.push({ path, text: node.text() ?? "", ...(line === undefined ? {} : { line }) });
    }
  };
  visit(root, []);
  return found;
}

/** An index was parsed by its schema, so that its depth is known, but for attributes. */
function jsonTexts(value: unknown, path: DocumentPath = []): readonly DocumentText[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null || path.length > YAML_DEPTH) return [];
  if (Array.isArray(value)) return value.flatMap((item, at) => jsonTexts(item, [...path, at]));
  return Object.entries(value).flatMap(([key, below]) => jsonTexts(below, [...path, key]));
}

function tooDeep({ path }: YamlNode): DevregError {
  return new DevregError(
    "LIMIT_EXCEEDED",
    `Cannot read "${path.slice(0, 80)}…": nested over ${YAML_DEPTH} levels deep`,
  );
}
