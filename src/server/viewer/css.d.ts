declare module "*.css" {
  /** The text of the file, with `with { type: "text" }`. */
  const text: string;
  // biome-ignore lint/style/noDefaultExport: text imports have nothing but a default
  export default text;
}
