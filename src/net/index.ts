export * from "./address.ts";
export * from "./fetch-bytes.ts";
export * from "./http.ts";
export * from "./net-error.ts";
export * from "./pool.ts";
export * from "./redirect.ts";
