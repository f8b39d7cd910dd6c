import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { DevregError } from "../errors.ts";
import { addressBytes } from "./address.ts";

/** Judges an address by number. */
type Judge = (address: string) => boolean;

/** Refuses a host that is written as a number. @throws {DevregError} NETWORK */
export function checkNumber(host: string, mayConnect: Judge): void {
  if (addressBytes(host) !== undefined && !mayConnect(host)) throw refused(host);
}

/**
 * Makes a lookup of names that gives only addresses that may be connected to. The connection is made
 * to what was judged, so that a name cannot mean something else a moment later.
 */
export function fencedLookup(mayConnect: Judge): LookupFunction {
  return (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, []);
      const allowed = found.filter(({ address }) => mayConnect(withoutZone(address)));
      const [first] = allowed;
      if (first === undefined) return done(refused(host), []);
      if (options.all === true) done(null, allowed);
      else done(null, first.address, first.family);
    });
  };
}

/** "fe80::1%eth0" names an interface too. */
function withoutZone(address: string): string {
  return address.replace(/%.*$/, "");
}

function refused(host: string): DevregError {
  return new DevregError("NETWORK", `Cannot reach ${host}: it is an address not to be gone to`);
}
