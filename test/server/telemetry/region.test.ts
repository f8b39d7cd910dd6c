import { expect, test } from "bun:test";
import { countryOf } from "../../../src/server/telemetry/region.ts";

const CASES: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
  [{ "accept-language": "en_CA" }, "CA"],
  [{ "accept-language": "en" }, "US"],
  [{ "accept-language": "gsw, en;q=0.7, en-US;q=0.8" }, "CH"],
  [{ "accept-language": "fr;q=0.2, pt-BR;q=0.9" }, "BR"],
  [{ "accept-language": "de-CH, en;q=high" }, "CH"],
  [{ "accept-language": "*" }, ""],
  [{ "accept-language": "invalid" }, ""],
  [{ "accept-language": "<script>;q=high" }, ""],
  [{ locale: "de_DE" }, "DE"],
  [{ locale: "invalid" }, ""],
  [{ "accept-language": "en_FR", locale: "de_DE" }, "FR"],
  [{}, ""],
];

for (const [headers, country] of CASES) {
  test(`countryOf() finds "${country}" in ${JSON.stringify(headers)}`, () => {
    expect(countryOf(new Headers(headers))).toBe(country);
  });
}
