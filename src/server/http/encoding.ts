/** A form in which a body is sent. */
export type ContentEncoding = "identity" | "gzip" | "zstd";

/** The compressed forms offered, preferred one first among equals. */
const OFFERED = ["zstd", "gzip"] as const;

/**
 * Picks the form of a body from an Accept-Encoding header: the highest quality wins, zstd before
 * gzip before identity among equals. Spec: RFC 9110, 12.5.3; a client that refuses every form we
 * have gets identity all the same.
 */
export function chooseEncoding(accept: string | null): ContentEncoding {
  if (accept === null || accept === "") return "identity";
  const qualities = parseQualities(accept);
  const any = qualities.get("*");
  let chosen: ContentEncoding = "identity";
  let best = qualities.get("identity") ?? 0;
  for (const coding of [...OFFERED].reverse()) {
    const quality = qualities.get(coding) ?? any ?? 0;
    if (quality > 0 && quality >= best) {
      chosen = coding;
      best = quality;
    }
  }
  return chosen;
}

function parseQualities(accept: string): ReadonlyMap<string, number> {
  const qualities = new Map<string, number>();
  for (const item of accept.split(",")) {
    const [name = "", ...parameters] = item.split(";");
    const given = parameters.map((each) => /^\s*q=([0-9.]+)\s*$/i.exec(each)?.[1]).find(Boolean);
    const quality = given === undefined ? 1 : Number(given);
    // Spec: RFC 9110, 8.4.1.3.
    const coding = name
      .trim()
      .toLowerCase()
      .replace(/^x-gzip$/, "gzip");
    qualities.set(coding, Number.isFinite(quality) ? quality : 0);
  }
  return qualities;
}
