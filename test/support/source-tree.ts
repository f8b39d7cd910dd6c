import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { type Comment, type Node, type Program, parseSync, Visitor } from "oxc-parser";

/** One import of a source file, static or dynamic, of a value or a type. */
export interface SourceImport {
  /** As written: "./digest.ts", "zod", "node:fs". */
  readonly specifier: string;
  /** Path of the imported file from the project's root; undefined for packages. */
  readonly file: string | undefined;
  /** Whether it runs only when asked for: `await import(...)`. */
  readonly lazy: boolean;
}

/** One function of a source file. */
export interface SourceFunction {
  readonly name: string;
  readonly lines: number;
}

/** What the architecture test needs to know of one source file. */
export interface SourceFile {
  /** From the project's root: "src/oci-client/digest.ts". */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly SourceImport[];
  readonly functions: readonly SourceFunction[];
  /** Exported names whose declaration has no doc comment. */
  readonly undocumented: readonly string[];
}

/** Reads and parses every TypeScript file below a folder of the project. */
export function readSourceTree(root: string, folder: string): readonly SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort()
    .map((path) => readSource(root, path));
}

function readSource(root: string, path: string): SourceFile {
  const text = readFileSync(join(root, path), "utf8");
  const { program, comments, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  const lineOf = lineCounter(text);
  return {
    path,
    text,
    lines: text.replace(/\n$/, "").split("\n").length,
    imports: importsOf(program, path),
    functions: functionsOf(program, lineOf),
    undocumented: undocumentedOf(program, comments, text),
  };
}

function importsOf(program: Program, path: string): SourceImport[] {
  const found: SourceImport[] = [];
  const add = (source: Node | null, lazy: boolean) => {
    if (source?.type !== "Literal" || typeof source.value !== "string") return;
    const specifier = source.value;
    const local = specifier.startsWith(".");
    const file = local ? posix.join(posix.dirname(path), specifier) : undefined;
    found.push({ specifier, file, lazy });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source, false),
    ExportAllDeclaration: (node) => add(node.source, false),
    ExportNamedDeclaration: (node) => add(node.source, false),
    ImportExpression: (node) => add(node.source, true),
    TSImportType: (node) => add(node.source, false),
  }).visit(program);
  return found;
}

function functionsOf(program: Program, lineOf: (offset: number) => number): SourceFunction[] {
  const found: SourceFunction[] = [];
  const add = (node: { start: number; end: number; id?: { name: string } | null }) => {
    const lines = lineOf(node.end) - lineOf(node.start) + 1;
    found.push({ name: node.id?.name ?? `at line ${lineOf(node.start)}`, lines });
  };
  new Visitor({
    FunctionDeclaration: add,
    FunctionExpression: add,
    ArrowFunctionExpression: (node) => add({ start: node.start, end: node.end }),
  }).visit(program);
  return found;
}

function undocumentedOf(program: Program, comments: readonly Comment[], text: string): string[] {
  const documented = (start: number) =>
    comments.some(
      (comment) =>
        comment.type === "Block" &&
        comment.value.startsWith("*") &&
        comment.end <= start &&
        text.slice(comment.end, start).trim() === "",
    );
  const missing: string[] = [];
  for (const node of program.body) {
    if (node.type !== "ExportNamedDeclaration" || !node.declaration) continue;
    if (!documented(node.start)) missing.push(...declaredNames(node.declaration));
  }
  return missing;
}

function declaredNames(declaration: Node): string[] {
  if (declaration.type === "VariableDeclaration") {
    return declaration.declarations.flatMap((each) =>
      each.id.type === "Identifier" ? [each.id.name] : ["a pattern"],
    );
  }
  const named = declaration as { id?: { name?: string } | null };
  return [named.id?.name ?? "unnamed"];
}

function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}
