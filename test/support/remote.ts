import { DevregError } from "../../src/errors.ts";
import { silentLogger } from "../../src/log.ts";
import { parseRegistryLocation } from "../../src/oci-client/index.ts";
import {
  anonymous,
  type Credential,
  createRemoteRegistry,
  type RemoteOptions,
  type RemoteRegistry,
} from "../../src/oci-client/remote/index.ts";
import { fakeClock } from "./clock.ts";

/** What a test's remote registry differs in. */
export type RemoteParts = Pick<RemoteOptions, "send"> & Partial<Omit<RemoteOptions, "location">>;

/** Opens a remote registry at HOST[:PORT][/PREFIX], without credentials, on a fake clock. */
export function openRemote(location: string, parts: RemoteParts): RemoteRegistry {
  return createRemoteRegistry({
    location: parseRegistryLocation(location),
    credentials: anonymous,
    log: silentLogger,
    clock: fakeClock(),
    ...parts,
  });
}

/** Has one credential, for any registry. */
export function always(credential: Credential): RemoteOptions["credentials"] {
  return { for: async () => credential };
}

/** Gives what an operation fails with. @throws when it does not fail with an error of ours */
export async function failureOf(operation: Promise<unknown>): Promise<DevregError> {
  try {
    await operation;
  } catch (error) {
    if (error instanceof DevregError) return error;
    throw error;
  }
  throw new Error("did not fail");
}

/** Collects what a listing gives. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  return Array.fromAsync(items);
}
