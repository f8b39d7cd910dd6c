import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import { describeServer, OPERATIONS } from "../../../src/server/openapi/index.ts";
import { jsonOf } from "../../support/json-of.ts";
import { sampleBuild } from "../../support/sample-build.ts";
import { prepare, servedApp } from "../../support/served-app.ts";
import { updateApp } from "../../support/update-app.ts";
import { SAMPLE_LOG } from "../../support/update-log.ts";

const GOLDEN = join(import.meta.dir, "fixtures/openapi.json");
const SITE = { origin: "https://devfiles.example", base: "", isFixed: true };
const DOCUMENT = describeServer(SITE, { name: "devfile-registry", version: "0.0.0" });

/** Pages for people, and what their browsers load for them under names made of its content. */
const PAGES =
  /^\/viewer(?:$|\/\*|\/artifacts|\/status|\/devfiles|\/[a-z]+-[0-9a-f]{12}\.(?:css|js|woff2)$)/;

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
    const app = await updateApp();
    const routes = app.routes
      .filter(({ method, path }) => method !== "ALL" || path === "/api/update")
      .map(({ path }) => path)
      .filter((path) => !PAGES.test(path));
    const described = new Set(OPERATIONS.flatMap((operation) => operation.routes));
    // A route that is missing belongs into a table of src/server/openapi/.
    expect([...new Set(routes)].filter((path) => !described.has(path))).toEqual([]);
    expect([...described].filter((path) => !routes.includes(path))).toEqual([]);
  });

  test("leaves out nothing but pages and what they are made of", async () => {
    const { routes, get } = await servedApp();
    const left = routes.filter(({ path, method }) => method === "GET" && PAGES.test(path));
    for (const { path } of left) {
      const response = await get(path.replaceAll("*", "x").replaceAll(/:\w+/g, "x"));
      const type = response.headers.get("content-type") ?? "text/html";
      expect([path, type]).toEqual([
        path,
        expect.stringMatching(/^(?:text\/(?:html|css|javascript)|font\/woff2)/),
      ]);
    }
    expect(left.length).toBeGreaterThan(5);
  });

  test("leaves out what is not there without the viewer", async () => {
    const whole = await jsonOf(await (await servedApp()).get("/openapi.json"));
    const headless = await servedApp({ config: { headless: true } });
    const { paths } = await jsonOf(await headless.get("/openapi.json"));
    expect(Object.keys(whole.paths)).toContain("/badges/{stack}.svg");
    expect(Object.keys(paths)).not.toContain("/badges/{stack}.svg");
    const routes = new Set(headless.routes.map(({ path }) => path));
    const gone = OPERATIONS.filter((operation) => !(operation.path in paths));
    expect(
      gone.flatMap((operation) => operation.routes).filter((each) => routes.has(each)),
    ).toEqual([]);
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
    const generation = await prepare(await sampleBuild());
    const state = { current: () => generation, reasons: () => [], updates: () => SAMPLE_LOG };
    const { get } = await servedApp({ deps: { state } });
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
