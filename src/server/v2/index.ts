export type { Clock } from "./circuit.ts";
export * from "./failure.ts";
export * from "./fronted-registry.ts";
export * from "./refuse-write.ts";
export * from "./routes.ts";
