import { textOf } from "../bytes.ts";

/** An image format that is accepted as an icon. */
export interface IconFormat {
  /** Ending of the file name, without the dot. */
  readonly extension: string;
  readonly mediaType: string;
}

const SVG: IconFormat = { extension: "svg", mediaType: "image/svg+xml" };

/** The first bytes of each binary format; undefined stands for any byte. */
const SIGNATURES: readonly (IconFormat & { readonly start: readonly (number | undefined)[] })[] = [
  {
    extension: "png",
    mediaType: "image/png",
    start: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  },
  { extension: "jpg", mediaType: "image/jpeg", start: [0xff, 0xd8, 0xff] },
  { extension: "gif", mediaType: "image/gif", start: [...ascii("GIF87a")] },
  { extension: "gif", mediaType: "image/gif", start: [...ascii("GIF89a")] },
  {
    extension: "webp",
    mediaType: "image/webp",
    start: [...ascii("RIFF"), undefined, undefined, undefined, undefined, ...ascii("WEBP")],
  },
  // Count of images is the fifth byte; a file of four zero-like bytes alone would be too weak a sign.
  { extension: "ico", mediaType: "image/x-icon", start: [0, 0, 1, 0] },
];

/** Tells the format of an image by its content; undefined for anything else, such as an HTML page. */
export function iconFormatOf(bytes: Uint8Array): IconFormat | undefined {
  for (const { start, extension, mediaType } of SIGNATURES) {
    if (startsWith(bytes, start)) return { extension, mediaType };
  }
  return isSvg(bytes) ? SVG : undefined;
}

/** Gives the media type of a file that {@link iconFormatOf} named; undefined for other names. */
export function iconMediaType(fileName: string): string | undefined {
  const extension = fileName.slice(fileName.lastIndexOf(".") + 1);
  return [...SIGNATURES, SVG].find((format) => format.extension === extension)?.mediaType;
}

/** Gives an address that holds an image itself. */
export function iconDataAddress(bytes: Uint8Array, { mediaType }: IconFormat): string {
  return `data:${mediaType};base64,${Buffer.from(bytes).toString("base64")}`;
}

function startsWith(bytes: Uint8Array, start: readonly (number | undefined)[]): boolean {
  return (
    bytes.byteLength > start.length &&
    start.every((byte, at) => byte === undefined || bytes[at] === byte)
  );
}

const PROLOG_BYTES = 64 * 1024;
/** What XML allows before the root element, one piece at a time. */
const PROLOG = /^(?:\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE[^[>]*(?:\[[\s\S]*?\]\s*)?>)/i;
const ROOT = /^<(?:[A-Za-z_][\w.-]*:)?svg(?=[\s/>])/;

/** Looks for an svg root element, after declaration, comments and document type. */
function isSvg(bytes: Uint8Array): boolean {
  let text = textOf(bytes.subarray(0, PROLOG_BYTES)).replace(/^\uFEFF/, "");
  for (let piece = PROLOG.exec(text); piece !== null; piece = PROLOG.exec(text)) {
    text = text.slice(piece[0].length);
  }
  return ROOT.test(text);
}

function ascii(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}
