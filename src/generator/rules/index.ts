export * from "./apply-rules.ts";
export * from "./own-rules.ts";
export { RULES_FILE } from "./rules-file.ts";
