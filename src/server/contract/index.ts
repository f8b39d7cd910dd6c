export * from "./answers.ts";
export * from "./index-query.ts";
export * from "./parse-query.ts";
export * from "./search.ts";
export * from "./update-body.ts";
