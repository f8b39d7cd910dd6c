/** A part of a body: `length` bytes from `offset`. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

const SINGLE = /^bytes=(?:(\d{1,16})-(\d{0,16})|-(\d{1,16}))$/;

/**
 * Reads a Range header against a body of `size` bytes. Gives undefined when the whole body is to be
 * sent (no range, another unit, several ranges, a form nobody defined), "unsatisfiable" when the
 * range is inverted or begins beyond the end. An end beyond the end is clamped.
 *
 * Spec: RFC 9110, 14.2; distribution-spec v1.1, Pulling blobs.
 */
export function parseRange(
  header: string | null,
  size: number,
): ByteRange | "unsatisfiable" | undefined {
  const match = header === null ? null : SINGLE.exec(header.replace(/\s/g, ""));
  if (match === null) return undefined;
  const [, from, to = "", suffix] = match;
  if (from === undefined) {
    const length = Math.min(Number(suffix), size);
    return length === 0 ? "unsatisfiable" : { offset: size - length, length };
  }
  const offset = Number(from);
  const end = to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (offset >= size || end < offset) return "unsatisfiable";
  return { offset, length: end - offset + 1 };
}

/** Writes the Content-Range of a part, or of a refusal. */
export function contentRange(range: ByteRange | "unsatisfiable", size: number): string {
  if (range === "unsatisfiable") return `bytes */${size}`;
  return `bytes ${range.offset}-${range.offset + range.length - 1}/${size}`;
}
