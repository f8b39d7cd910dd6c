/** Renders the milliseconds of phases as one line: "time in ms: read 12.0, parse 101.4, all 113.4". */
export function timingLine(spentMs: Readonly<Record<string, number>>): string {
  const all = Object.values(spentMs).reduce((sum, ms) => sum + ms, 0);
  const parts = Object.entries({ ...spentMs, all }).map(([name, ms]) => `${name} ${ms.toFixed(1)}`);
  return `time in ms: ${parts.join(", ")}\n`;
}
