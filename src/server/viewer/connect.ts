import { addressIn, type Site } from "../site/index.ts";
import { slugOf } from "./slug.ts";
import { shellCommand } from "./stack/shell.ts";

/** Gives the name under which odo knows a registry: that of its addresses. */
export function odoRegistryName(registry: string): string {
  return slugOf(registry) || "devfiles";
}

/** Gives the command by which odo learns of this registry. */
export function odoRegistryCommand(site: Site, registry: string): string | undefined {
  const name = { foreign: odoRegistryName(registry) };
  return shellCommand("odo preference add registry", name, { foreign: registryAddress(site) });
}

/** Gives the address that clients know a registry by; without a slash at its end, as they join paths to it. */
export function registryAddress(site: Site): string {
  return addressIn(site, "").replace(/\/$/, "");
}
