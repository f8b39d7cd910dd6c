import { z } from "zod";
import { DevregError } from "../errors.ts";
import { redactText } from "../log.ts";
import {
  isRegistryHost,
  type Platform,
  parseRegistryLocation,
  type RegistryLocation,
} from "../oci-client/index.ts";

/** An address to listen on. Port 0 takes a free one. */
export interface ListenAddress {
  readonly hostname: string;
  readonly port: number;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Any text that is not empty. */
export const text = z.string().min(1, "is empty");

/** One of a few words. */
export function choice<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `must be one of ${words.join(", ")}` });
}

/** A duration as Go and docker write it: "500ms", "30s", "5m", "1h"; gives milliseconds. */
export const duration = z.string().transform((raw, context) => {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(raw);
  const unitMs = UNIT_MS[match?.[2] ?? ""];
  if (match === null || unitMs === undefined) {
    context.addIssue({ code: "custom", message: `"${raw}" is no duration such as 30s, 5m or 1h` });
    return z.NEVER;
  }
  return Math.round(Number(match[1]) * unitMs);
});

/** "HOST:PORT", ":PORT" (all interfaces) or "[IPV6]:PORT". */
export const listenAddress = z.string().transform((raw, context): ListenAddress => {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s/]*)):(\d{1,5})$/.exec(raw);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    context.addIssue({ code: "custom", message: `"${raw}" is not HOST:PORT` });
    return z.NEVER;
  }
  return { hostname: match[1] ?? (match[2] || "0.0.0.0"), port };
});

/** A listen address, or "off". */
export const listenAddressOrOff = z.union([
  z.literal("off").transform(() => undefined),
  listenAddress,
]);

/** "HOST[:PORT]", given as URLs write it: in lower case, without the port of https. */
export const host = z.string().transform((raw, context) => {
  if (isRegistryHost(raw)) return new URL(`https://${raw}`).host;
  context.addIssue({ code: "custom", message: `"${raw}" is not HOST[:PORT]` });
  return z.NEVER;
});

/** "HOST[:PORT][/PREFIX]". */
export const registryLocation = z.string().transform((raw, context): RegistryLocation => {
  try {
    return parseRegistryLocation(raw);
  } catch (error) {
    if (!(error instanceof DevregError)) throw error;
    const message = error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  }
});

/** An absolute http(s) URL without query, fragment and credentials; given without its last slash. */
export const publicUrl = z.string().transform((raw, context) => {
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  const plain =
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    url.search + url.hash + url.username + url.password === "";
  if (!plain) {
    const isPrivate = url !== undefined && url.username + url.password !== "";
    const fault = isPrivate ? "must be without user and password" : "is no plain http or https URL";
    context.addIssue({ code: "custom", message: `"${redactText(raw)}" ${fault}` });
    return z.NEVER;
  }
  return url.href.replace(/\/+$/, "");
});

/** A path prefix such as "/registry"; "/" and nothing mean the root, given as "". */
export const basePath = z.string().transform((raw, context) => {
  const path = `/${raw.replace(/^\/+|\/+$/g, "")}`;
  if (path === "/") return "";
  if (!/^(?:\/[A-Za-z0-9._~-]+)+$/.test(path) || /\/\.{1,2}(?:\/|$)/.test(path)) {
    context.addIssue({ code: "custom", message: `"${raw}" is no path prefix such as /registry` });
    return z.NEVER;
  }
  return path;
});

/** An IPv4 or IPv6 network in CIDR form, or one address. */
export const cidr = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], {
  error: ({ input }) => `"${input}" is no network such as 10.0.0.0/8`,
});

/** "linux/arm64/v8": operating system, architecture and variant of images. */
export const platform = z.string().transform((raw, context): Platform => {
  const match = /^([a-z0-9]+)\/([a-z0-9_]+)(?:\/([a-z0-9.]+))?$/.exec(raw);
  const [, os, architecture, variant] = match ?? [];
  if (os !== undefined && architecture !== undefined) {
    return { os, architecture, ...(variant === undefined ? {} : { variant }) };
  }
  context.addIssue({ code: "custom", message: `"${raw}" is not OS/ARCH[/VARIANT]` });
  return z.NEVER;
});

/** A whole number from 1 on. */
export const count = z.string().transform((raw, context) => {
  if (/^[1-9]\d{0,5}$/.test(raw)) return Number(raw);
  context.addIssue({ code: "custom", message: `"${raw}" is no whole number from 1 on` });
  return z.NEVER;
});
