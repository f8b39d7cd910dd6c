export * from "./address.ts";
export * from "./check-address.ts";
export { type FetchBytesOptions, type FetchedBytes, fetchBytes } from "./fetch-bytes.ts";
export * from "./http.ts";
export * from "./net-error.ts";
export * from "./pool.ts";
export * from "./redirect.ts";
