export type { Audit, AuditedAddress, AuditFinding, AuditKind } from "./audit.ts";
export { type AuditOptions, auditBuild } from "./audit-build.ts";
