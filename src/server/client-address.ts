import { BlockList, isIP } from "node:net";
import type { ServerBindings } from "./deps.ts";

/** Tells where a request came from, as far as that is known and believed. */
export type AddressReader = (
  request: Request,
  bindings: ServerBindings | undefined,
) => string | undefined;

/**
 * Makes a reader of client addresses: the peer, or what X-Forwarded-For says while those who wrote
 * it are trusted, read from its end.
 */
export function createAddressReader(trustedProxies: readonly string[]): AddressReader {
  const trusted = listNetworks(trustedProxies);
  return (request, bindings) => {
    let address = plainAddress(bindings?.requestIP?.(request)?.address);
    const forwarded = request.headers.get("x-forwarded-for")?.split(",") ?? [];
    while (address !== undefined && forwarded.length > 0 && isTrusted(trusted, address)) {
      const before = plainAddress(forwarded.pop()?.trim());
      if (before === undefined) break;
      address = before;
    }
    return address;
  };
}

/** Tells whether those who sent a request are trusted to say how it came to them. */
export type PeerTrust = (request: Request, bindings: ServerBindings | undefined) => boolean;

/** Makes a judge of peers: those of the networks given are trusted, anybody else is not. */
export function createPeerTrust(trustedProxies: readonly string[]): PeerTrust {
  if (trustedProxies.length === 0) return () => false;
  const trusted = listNetworks(trustedProxies);
  return (request, bindings) => {
    const address = plainAddress(bindings?.requestIP?.(request)?.address);
    return address !== undefined && isTrusted(trusted, address);
  };
}

function listNetworks(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix] = network.split("/");
    const version = isIP(address);
    const family = version === 6 ? "ipv6" : "ipv4";
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

function isTrusted(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** IPv4 peers of an IPv6 socket come as ::ffff:127.0.0.1. */
function plainAddress(text: string | undefined): string | undefined {
  const address = text?.replace(/^::ffff:(?=\d+\.)/i, "");
  return address !== undefined && isIP(address) !== 0 ? address : undefined;
}
