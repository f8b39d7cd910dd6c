import { readFileSync } from "node:fs";

/**
 * Counts the packets that found no way out of this network, of all its programs together; a name or
 * address outside of it has no route. As a program it prints the number.
 */
export function outNoRoutes(): number {
  const [names = "", values = ""] = readFileSync("/proc/net/snmp", "utf8")
    .split("\n")
    .filter((line) => line.startsWith("Ip:"));
  const at = names.split(" ").indexOf("OutNoRoutes");
  const six = /Ip6OutNoRoutes\s+(\d+)/.exec(readFileSync("/proc/net/snmp6", "utf8"))?.[1];
  return Number(values.split(" ")[at]) + Number(six);
}

if (import.meta.main) console.log(outNoRoutes());
