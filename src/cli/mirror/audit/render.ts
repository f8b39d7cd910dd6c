import type { Audit, AuditedAddress } from "../../../airgap/index.ts";
import { escapeUnsafe, redactText } from "../../../log.ts";
import { redacted } from "../render.ts";

/** The lists that are told beside findings, in the order in which they are. */
const LISTS = [
  ["clientSideGit", "cloned by clients"],
  ["possible", "possibly an image"],
  ["excluded", "left out on purpose"],
  ["others", "other address"],
] as const satisfies readonly (readonly [keyof Audit, string])[];

/** Renders where the references of a build lead, as text or JSON, with its last line end. */
export function renderAudit(audit: Audit, shown: string, format: "text" | "json"): string {
  if (format === "json") return `${JSON.stringify({ audited: shown, ...audit }, redacted, 2)}\n`;
  const lines = [
    ...audit.findings.flatMap(({ kind, hint, ...address }) => [
      `${placeOf(address)}: ${kind} ${address.text}`,
      `  hint: ${hint}`,
    ]),
    ...LISTS.flatMap(([list, title]) =>
      audit[list].map((address) => `${title}: ${placeOf(address)}: ${address.text}`),
    ),
    ...audit.notes.map((note) => `note: ${note}`),
    summaryOf(audit, shown),
  ];
  return `${lines.map((line) => escapeUnsafe(redactText(line))).join("\n")}\n`;
}

function placeOf({ file, pointer, line }: AuditedAddress): string {
  if (pointer.startsWith("line:")) return `${file}:${line}`;
  return `${file}${line === undefined ? "" : `:${line}`}: ${pointer}`;
}

function summaryOf(audit: Audit, shown: string): string {
  const { allowed, findings, inside, mirrored, links, unread } = audit;
  const hosts = allowed.length === 0 ? "no host is allowed" : `allowed: ${allowed.join(", ")}`;
  const counts = [
    `${findings.length} finding${findings.length === 1 ? "" : "s"} in ${shown} (${hosts})`,
    `${inside} references inside`,
    ...(mirrored > 0 ? [`${mirrored} mirrored by the bundle`] : []),
    ...LISTS.flatMap(([list, title]) =>
      audit[list].length > 0 ? [`${title}: ${audit[list].length}`] : [],
    ),
    `${links} links for people`,
    `${unread.length} files not looked into`,
  ];
  return counts.join(", ");
}
