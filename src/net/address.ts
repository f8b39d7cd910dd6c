/** Where a host lies as far as its text tells; names are not looked up. */
export type Network = "public" | "internal" | "link-local" | "loopback";

/** Endings of names that are never resolved on the internet. */
const INTERNAL_NAME =
  /(?:^|\.)(?:local|localdomain|internal|intranet|private|corp|home|lan|svc|home\.arpa)$/;

type Range = readonly [first: readonly number[], bits: number, network: Network];

/** Where clouds keep what a machine may know of itself, credentials too: no place for anybody else. */
const V4_METADATA: readonly Range[] = [
  [[100, 100, 100, 200], 32, "link-local"],
  [[168, 63, 129, 16], 32, "link-local"],
  [[192, 0, 0, 192], 32, "link-local"],
];

const V4_RANGES: readonly Range[] = [
  ...V4_METADATA,
  [[0, 0, 0, 0], 8, "loopback"],
  [[127, 0, 0, 0], 8, "loopback"],
  [[169, 254, 0, 0], 16, "link-local"],
  [[10, 0, 0, 0], 8, "internal"],
  [[100, 64, 0, 0], 10, "internal"],
  [[172, 16, 0, 0], 12, "internal"],
  [[192, 0, 0, 0], 24, "internal"],
  [[192, 168, 0, 0], 16, "internal"],
  [[198, 18, 0, 0], 15, "internal"],
  [[224, 0, 0, 0], 3, "internal"],
];

/** How many leading bytes an IPv6 address has before an IPv4 address that it stands for. */
const V4_IN_V6: readonly (readonly [prefix: readonly number[], offset: number])[] = [
  [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], 12],
  [[0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], 12],
  [[0x20, 0x02], 2],
];

/** The same in IPv6: fd00:ec2::254 and fd20:ce::254. */
const V6_METADATA: readonly Range[] = [
  [[0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54], 128, "link-local"],
  [[0xfd, 0x20, 0, 0xce, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54], 128, "link-local"],
];

const V6_RANGES: readonly Range[] = [
  ...V6_METADATA,
  [[0xfe, 0x80], 10, "link-local"],
  [[0xfe, 0xc0], 10, "internal"],
  [[0xfc, 0x00], 7, "internal"],
  [[0xff, 0x00], 8, "internal"],
];

/** Tells whether a host ("localhost", "[::1]:5000", "0x7f.1") means this machine. */
export function isLoopbackHost(host: string): boolean {
  return networkOf(host) === "loopback";
}

/**
 * Tells whether a host is written as an address that is not a public one (loopback, unspecified,
 * link-local, private, multicast), in whatever notation, or is a name of this machine.
 */
export function isPrivateHost(host: string): boolean {
  const name = canonicalHost(host);
  if (name === undefined) return false;
  return isLocalName(name) || (addressNetwork(name) ?? "public") !== "public";
}

/**
 * Gives the network that a host belongs to. User information, ports, letter case, percent and IDN
 * encoding and the odd notations of IP addresses are normalised first. What cannot be read as a
 * host counts as public, which is trusted least.
 */
export function networkOf(host: string): Network {
  const name = canonicalHost(host);
  if (name === undefined) return "public";
  if (isLocalName(name)) return "loopback";
  const network = addressNetwork(name);
  if (network !== undefined) return network;
  return !name.includes(".") || INTERNAL_NAME.test(name) ? "internal" : "public";
}

/**
 * Tells whether something at `from` may name an address at `to` for us to go to. Whoever is
 * outside must not reach through us to the inside: a public host never leads to an internal
 * address, and none leads to a link-local one (cloud metadata) or to this machine, unless it is
 * there itself.
 */
export function mayLeadTo(from: URL, to: URL): boolean {
  return mayReach(from, to.hostname);
}

/** Tells the same of a host, or of an address that a name stands for. */
export function mayReach(from: URL, host: string): boolean {
  const [source, target] = [networkOf(from.hostname), networkOf(host)];
  if (target === "public" || target === source) return true;
  return target === "internal" && source === "loopback";
}

/** Gives the lower-case ASCII host name or address, without port and final dot. */
function canonicalHost(host: string): string | undefined {
  // An IPv6 address without brackets has at least two colons.
  const text = /^[0-9a-f]*:[0-9a-f.]*:[0-9a-f:.]*$/i.test(host) ? `[${host}]` : host;
  const url = URL.parse(`http://${text}`);
  return url?.hostname.replace(/\.$/, "");
}

function isLocalName(name: string): boolean {
  return name === "localhost" || name.endsWith(".localhost");
}

function addressNetwork(name: string): Network | undefined {
  if (name.startsWith("[")) return v6Network(v6Bytes(name.slice(1, -1)));
  return /^\d+\.\d+\.\d+\.\d+$/.test(name) ? v4Network(name.split(".").map(Number)) : undefined;
}

function v4Network(bytes: readonly number[]): Network {
  return rangeOf(bytes, V4_RANGES);
}

function v6Network(bytes: readonly number[]): Network {
  const embedded = V4_IN_V6.find(([prefix]) => prefix.every((byte, at) => byte === bytes[at]));
  if (embedded !== undefined) return v4Network(bytes.slice(embedded[1], embedded[1] + 4));
  // "::", "::1" and the deprecated "::a.b.c.d".
  if (bytes.slice(0, 12).every((byte) => byte === 0)) {
    return bytes[12] === 0 ? "loopback" : v4Network(bytes.slice(12));
  }
  return rangeOf(bytes, V6_RANGES);
}

function rangeOf(bytes: readonly number[], ranges: readonly Range[]): Network {
  return ranges.find(([first, bits]) => hasPrefix(bytes, first, bits))?.[2] ?? "public";
}

/** Tells whether two addresses of the same family agree in their first `bits`. */
export function hasPrefix(bytes: readonly number[], first: readonly number[], bits: number) {
  return first.every((byte, at) => {
    const kept = Math.min(8, Math.max(0, bits - at * 8));
    const mask = (0xff << (8 - kept)) & 0xff;
    return (byte & mask) === ((bytes[at] ?? 0) & mask);
  });
}

/** Reads an IP address in any notation; undefined when the host is a name. */
export function addressBytes(host: string): readonly number[] | undefined {
  const name = canonicalHost(host) ?? "";
  if (name.startsWith("[")) return v6Bytes(name.slice(1, -1));
  return /^\d+\.\d+\.\d+\.\d+$/.test(name) ? name.split(".").map(Number) : undefined;
}

/** Expands the canonical text of an IPv6 address, which has no dotted part, to 16 bytes. */
function v6Bytes(text: string): readonly number[] {
  const [head = "", tail] = text.split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":").map((g) => parseInt(g, 16)));
  const [left, right] = [groups(head), groups(tail ?? "")];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...new Array<number>(zeros).fill(0), ...right].flatMap((group) => [
    group >> 8,
    group & 0xff,
  ]);
}
