declare module "*.css" {
  /** The text of the file, with `with { type: "text" }`. */
  const text: string;
  // biome-ignore lint/style/noDefaultExport: text imports have nothing but a default
  export default text;
}

declare module "*.woff2" {
  /** Where the file can be read, with `with { type: "file" }`; in the executable, inside it. */
  const path: string;
  // biome-ignore lint/style/noDefaultExport: file imports have nothing but a default
  export default path;
}

declare module "*.ico" {
  /** Where the file can be read, with `with { type: "file" }`; in the executable, inside it. */
  const path: string;
  // biome-ignore lint/style/noDefaultExport: file imports have nothing but a default
  export default path;
}
