export * from "./index-query.ts";
