export * from "./site.ts";
export * from "./with-site.ts";
