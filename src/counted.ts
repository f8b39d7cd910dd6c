/** Writes how many there are: "1 stack version", "2 stack versions". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
