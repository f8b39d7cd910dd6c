const STEPS = [
  { unit: "second", seconds: 1, below: 90 },
  { unit: "minute", seconds: 60, below: 90 * 60 },
  { unit: "hour", seconds: 3600, below: 36 * 3600 },
  { unit: "day", seconds: 86_400, below: Number.POSITIVE_INFINITY },
] as const;

/** Says how long a time lasted: "5 minutes", "3 days". */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  const { unit, seconds: each } = STEPS.find(({ below }) => seconds < below) ?? STEPS[3];
  const count = Math.floor(seconds / each);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
