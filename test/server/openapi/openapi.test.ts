import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import { describeServer, OPERATIONS } from "../../../src/server/openapi/index.ts";
import { jsonOf } from "../../support/json-of.ts";
import { servedApp } from "../../support/served-app.ts";
import { updateApp } from "../../support/update-app.ts";

const GOLDEN = join(import.meta.dir, "fixtures/openapi.json");
const SITE = { origin: "https://devfiles.example", base: "", isFixed: true };
const DOCUMENT = describeServer(SITE, { name: "devfile-registry", version: "0.0.0" });

/** What people look at, and what their browsers load for it, is no part of the interface. */
const FOR_PEOPLE = /^\/(?:viewer|favicon\.|robots\.txt|sitemap\.xml|badges)(?:\W|$|ico|svg)/;

interface Described {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

const PATHS = Object.entries(
  JSON.parse(JSON.stringify(DOCUMENT["paths"])) as Record<string, Record<string, Described>>,
);
const DESCRIBED = PATHS.flatMap(([path, item]) =>
  ["get", "post"].flatMap((method) => {
    const operation = item[method];
    return operation === undefined ? [] : [{ path, method, operation }];
  }),
);

describe("the description of the server", () => {
  test("is what it was; a change here is a change of the interface", () => {
    const text = `${JSON.stringify(DOCUMENT, null, 2)}\n`;
    expect(text).toBe(readFileSync(GOLDEN, "utf8"));
  });

  test("names every route of the application, and no other", async () => {
    const { app } = await updateApp();
    const routes = app.routes
      .filter(({ method, path }) => method !== "ALL" || path === "/api/update")
      .map(({ path }) => path)
      .filter((path) => !FOR_PEOPLE.test(path));
    const described = new Set(OPERATIONS.flatMap((operation) => operation.routes));
    // A route that is missing belongs into a table of src/server/openapi/.
    expect([...new Set(routes)].filter((path) => !described.has(path))).toEqual([]);
    expect([...described].filter((path) => !routes.includes(path))).toEqual([]);
  });

  test("names each operation once, with all parts of its path", () => {
    const ids = DESCRIBED.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of DESCRIBED) {
      const inPath = (operation.parameters ?? []).filter((each) => each.in === "path");
      const braces = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
      expect(inPath.map(({ name }) => name)).toEqual(braces);
      for (const each of inPath) expect(each).toHaveProperty("description", expect.any(String));
      const names = (operation.parameters ?? []).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(Object.keys(operation.responses).length).toBeGreaterThan(0);
      for (const [status, { description }] of Object.entries(operation.responses)) {
        expect(status).toMatch(/^[2-5]\d\d$/);
        expect(description).not.toBe("");
      }
    }
  });

  test("refers to nothing that it does not have", () => {
    const references = [...JSON.stringify(DOCUMENT).matchAll(/"\$ref":"([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const [, reference = ""] of references) {
      const [, ...parts] = reference.split("/");
      const found = parts.reduce<unknown>(
        (value, part) => (value === undefined ? undefined : Reflect.get(Object(value), part)),
        DOCUMENT,
      );
      expect(found).toBeDefined();
    }
  });

  test("has JSON Schemas that real answers fit", async () => {
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema({ $id: "https://devreg/openapi", ...DOCUMENT });
    const { get } = await servedApp();
    const answers = [
      ["/index/all", "RegistryIndex"],
      ["/v2index/all", "RegistryIndex"],
      ["/devfiles/index.json", "RegistryIndex"],
      ["/search?q=go", "SearchAnswer"],
      ["/search?limit=0", "Fault"],
      ["/index?arch=x", "Fault"],
      ["/health", "Message"],
      ["/readyz", "Readiness"],
      ["/info", "Info"],
      ["/index/nothing", "Status"],
      ["/devfiles/nothing", "Status"],
      ["/v2/_catalog", "Catalog"],
      ["/v2/devfile-catalog/go/tags/list", "Tags"],
      ["/v2/devfile-catalog/none/manifests/1", "OciErrors"],
    ] as const;
    for (const [path, name] of answers) {
      const schema = { $ref: `https://devreg/openapi#/components/schemas/${name}` };
      const validate = ajv.compile(schema);
      const valid = validate(await jsonOf(await get(path)));
      expect({ path, valid, errors: validate.errors }).toEqual({ path, valid: true, errors: null });
    }
  });
});

describe("GET /openapi.json", () => {
  test("names the public address", async () => {
    const { get } = await servedApp({ config: { publicUrl: "https://a.example/base" } });
    const response = await get("/openapi.json", { host: "evil.example" });
    expect(response.headers.get("cache-control")).toBe("no-cache");
    const document = await jsonOf(response);
    expect(document.servers).toEqual([{ url: "https://a.example/base" }]);
    // These stay at the root.
    expect(document.paths["/health"].servers).toEqual([{ url: "https://a.example" }]);
    expect(document.info).toMatchObject({ title: "Test", version: "1.2.3" });
  });

  test("else names the host of the request, for this client alone", async () => {
    const { get } = await servedApp();
    const one = await get("/openapi.json", { host: "one.example" });
    const other = await get("/openapi.json", { host: "other.example:8080" });
    expect(one.headers.get("cache-control")).toBe("private, no-cache");
    expect(one.headers.get("etag")).not.toBe(other.headers.get("etag"));
    expect((await jsonOf(one)).servers).toEqual([{ url: "http://one.example" }]);
    expect((await jsonOf(other)).servers).toEqual([{ url: "http://other.example:8080" }]);
  });

  test("refuses a host that is none", async () => {
    const { get } = await servedApp();
    const response = await get("/openapi.json", { host: 'a"><script>' });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain("script");
  });

  test("answers conditions", async () => {
    const { get } = await servedApp();
    const tag = (await get("/openapi.json")).headers.get("etag") ?? "";
    expect((await get("/openapi.json", { "if-none-match": tag })).status).toBe(304);
  });
});
