const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/;
const ESCAPE = /%(?![0-9A-Fa-f]{2})/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\0-\x1f\x7f]/;
const PORT = /^(?::[0-9]*)?$/;
const USER = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;
/** All that is not ASCII may stand in a host, too. */
const HOST = /^[A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"%\x80-\uffff]*$/;
/** An escaped byte of ASCII, but for the percent sign itself. */
const ESCAPED_ASCII = /%(?!25)[0-7][0-9A-Fa-f]/;

/**
 * Says what is wrong with a uri; undefined when nothing is.
 *
 * Parity: ValidateURI in validation/utils.go of devfile/api, that is url.Parse of Go 1.21, and
 * url.ParseRequestURI for what begins with "http". Hosts of IPv6 are not looked into.
 */
export function uriFault(uri: string): string | undefined {
  const asRequest = uri.startsWith("http");
  const hash = asRequest ? -1 : uri.indexOf("#");
  const [address, fragment] = hash < 0 ? [uri, ""] : [uri.slice(0, hash), uri.slice(hash + 1)];
  return addressFault(address, asRequest) ?? escapeFault(fragment);
}

function addressFault(address: string, asRequest: boolean): string | undefined {
  if (CONTROL.test(address)) return "it holds a control character";
  if (address.startsWith(":")) return "the scheme before the colon is missing";
  const [, scheme = ""] = SCHEME.exec(address) ?? [];
  const [path = ""] = address.slice(scheme === "" ? 0 : scheme.length + 1).split("?", 1);
  if (!path.startsWith("/")) {
    if (scheme !== "") return undefined;
    if (asRequest) return "it begins with http but is no address";
    if (path.split("/", 1)[0]?.includes(":")) return "a colon stands in its first part";
  }
  const hasHost = path.startsWith("//") && (scheme !== "" || !path.startsWith("///"));
  if (!hasHost) return escapeFault(path);
  const slash = path.indexOf("/", 2);
  const authority = slash < 0 ? path.slice(2) : path.slice(2, slash);
  return authorityFault(authority) ?? escapeFault(slash < 0 ? "" : path.slice(slash));
}

function authorityFault(authority: string): string | undefined {
  const at = authority.lastIndexOf("@");
  const user = authority.slice(0, Math.max(at, 0));
  const host = authority.slice(at + 1);
  const port = /[[\]]/.test(host) ? bracketPort(host) : host.slice(lastColon(host));
  if (port === undefined) return "the brackets of its host are wrong";
  if (!PORT.test(port)) return `"${port.slice(1)}" is no port`;
  if (!HOST.test(host)) return `"${host}" is no host`;
  if (ESCAPED_ASCII.test(host)) return `"${host}" is no host`;
  if (!USER.test(user)) return "the user in it is written wrongly";
  return escapeFault(host) ?? escapeFault(user);
}

/** Gives what follows the brackets of "[::1]:80"; undefined when they are wrong. */
function bracketPort(host: string): string | undefined {
  const open = host.lastIndexOf("[");
  if (open < 0) return host.slice(lastColon(host));
  const close = host.lastIndexOf("]");
  return open > 0 || close < 0 ? undefined : host.slice(close + 1);
}

function lastColon(host: string): number {
  const colon = host.lastIndexOf(":");
  return colon < 0 ? host.length : colon;
}

function escapeFault(text: string): string | undefined {
  const found = ESCAPE.exec(text);
  if (found === null) return undefined;
  return `"${text.slice(found.index, found.index + 3)}" is no escaped character`;
}
