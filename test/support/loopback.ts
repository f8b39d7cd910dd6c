/**
 * Gives an address of this machine that nothing else uses, so that who listens there can go away and
 * come back: a free port of 127.0.0.1 may be taken meanwhile, also by a connection that goes out.
 */
export function ownLoopback(): string {
  return `127.${[...crypto.getRandomValues(new Uint8Array(3))].map((byte) => 1 + (byte % 254)).join(".")}`;
}
