import { addressBytes, hasPrefix, isLoopbackHost } from "./address.ts";
import type { NetOptions } from "./http.ts";

/**
 * Chooses the proxy for an address; undefined means a direct connection. Loopback is always
 * direct. NO_PROXY entries are names (with their sub-domains), ".domain", "*.domain", addresses,
 * CIDR ranges, each with an optional ":port", or "*".
 */
export function proxyFor(url: URL, proxy: NetOptions["proxy"]): string | undefined {
  const chosen = url.protocol === "https:" ? proxy?.https : proxy?.http;
  if (chosen === undefined || chosen === "" || isLoopbackHost(url.hostname)) return undefined;
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  const entries = (proxy?.no ?? "").split(/[\s,]+/).filter((entry) => entry !== "");
  if (entries.some((entry) => covers(entry.toLowerCase(), url.hostname, port))) return undefined;
  return chosen.includes("://") ? chosen : `http://${chosen}`;
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  const range = /^(.+)\/(\d{1,3})$/.exec(entry);
  if (range !== null) return inRange(range[1] ?? "", Number(range[2]), host);
  const [, name = "", only] = /^(\[[^\]]+\]|[^:]+|[0-9a-f:.]+)(?::(\d+))?$/.exec(entry) ?? [];
  if (only !== undefined && only !== port) return false;
  const bytes = addressBytes(name);
  if (bytes !== undefined) return inRange(name, bytes.length * 8, host);
  const domain = name.replace(/^\*?\./, "").replace(/\.$/, "");
  const asked = host.replace(/\.$/, "");
  // A leading dot or star means the sub-domains alone.
  return domain !== "" && ((domain === name && asked === domain) || asked.endsWith(`.${domain}`));
}

function inRange(first: string, bits: number, host: string): boolean {
  const [range, asked] = [addressBytes(first), addressBytes(host)];
  return (
    range !== undefined &&
    asked !== undefined &&
    range.length === asked.length &&
    hasPrefix(asked, range, bits)
  );
}
