/**
 * Finds the target of rel=next in Link headers; a link without rel counts as next, since nothing
 * else is ever linked from a listing. Spec: RFC 8288; distribution-spec v1.1, Content Discovery.
 */
export function nextLink(headers: readonly string[]): string | undefined {
  for (const header of headers) {
    for (const [, target = "", parameters = ""] of header.matchAll(
      /<([^>]*)>((?:\s*;\s*[^,;"]*(?:"[^"]*")?)*)/g,
    )) {
      const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))/i.exec(parameters);
      const relations =
        rel === null ? ["next"] : (rel[1] ?? rel[2] ?? "").toLowerCase().split(/\s+/);
      if (relations.includes("next")) return target;
    }
  }
  return undefined;
}
