/** A form in which a body is sent. */
export type ContentEncoding = "identity" | "gzip" | "zstd";

/** What is remembered of the headers of clients. */
const KNOWN_ACCEPTS = 64;
const KNOWN_ACCEPT_CHARS = 256;
/** The compressed forms offered, preferred one first among equals. */
const OFFERED = ["zstd", "gzip"] as const;

/** What was chosen for the headers seen last: a few browsers and clients send nearly all of them. */
const chosen = new Map<string, ContentEncoding>();

/**
 * Picks the form of a body from an Accept-Encoding header: the highest quality wins, zstd before
 * gzip before identity among equals. Spec: RFC 9110, 12.5.3; a client that refuses every form we
 * have gets identity all the same.
 */
export function chooseEncoding(accept: string | null): ContentEncoding {
  if (accept === null || accept === "") return "identity";
  const known = chosen.get(accept);
  if (known !== undefined) return known;
  const encoding = weigh(accept);
  if (chosen.size >= KNOWN_ACCEPTS) chosen.clear();
  if (accept.length <= KNOWN_ACCEPT_CHARS) chosen.set(accept, encoding);
  return encoding;
}

function weigh(accept: string): ContentEncoding {
  const qualities = parseQualities(accept);
  const any = qualities.get("*");
  let best: ContentEncoding = "identity";
  let bestQuality = qualities.get("identity") ?? 0;
  for (const coding of [...OFFERED].reverse()) {
    const quality = qualities.get(coding) ?? any ?? 0;
    if (quality > 0 && quality >= bestQuality) {
      best = coding;
      bestQuality = quality;
    }
  }
  return best;
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
