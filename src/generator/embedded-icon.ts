import { digestOf, hexOf } from "../oci-client/index.ts";
import { iconFormatOf } from "./icons-format.ts";
import type { PackagedFile } from "./package-stack.ts";

const DATA = /^data:([^,]*),(.*)$/is;

/**
 * Takes the icon out of a data: address, as a file of a build; undefined when it holds no image, and
 * for any other address.
 */
export function embeddedIcon(icon: string): PackagedFile | undefined {
  const [, type, content] = DATA.exec(icon) ?? [];
  if (type === undefined || content === undefined) return undefined;
  const bytes = decode(content, /;base64$/i.test(type.trim()));
  const format = bytes && iconFormatOf(bytes);
  if (bytes === undefined || format === undefined) return undefined;
  return { name: `icons/${hexOf(digestOf(bytes))}.${format.extension}`, bytes };
}

function decode(content: string, isBase64: boolean): Uint8Array | undefined {
  try {
    const text = decodeURIComponent(content);
    return Buffer.from(text, isBase64 ? "base64" : "utf8");
  } catch {
    // Not percent-encoded as it should be, so nobody can show it.
    return undefined;
  }
}
