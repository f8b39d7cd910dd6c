export * from "./routes.ts";
export * from "./search.ts";
