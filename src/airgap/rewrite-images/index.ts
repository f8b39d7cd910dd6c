export * from "./rewrite-images.ts";
