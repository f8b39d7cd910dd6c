export * from "./index-query.ts";
export * from "./update-body.ts";
