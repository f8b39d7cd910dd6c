import { describe, expect, test } from "bun:test";
import { jsonOf } from "../support/json-of.ts";
import { updateApp } from "../support/update-app.ts";

const { request, routes } = await updateApp();
const UPDATE = "/api/update";

/** An address for each pattern that the application knows, and some that nothing answers. */
const ADDRESSES = [
  ...new Set(
    routes
      .map(({ path }) => path.replaceAll("*", "some/thing").replaceAll(/:\w+/g, "some"))
      .filter((path) => path !== UPDATE && path !== "/v2"),
  ),
  "/v2/",
  "/v2/_catalog",
  "/v2/devfile-catalog/go/tags/list",
  "/v2/devfile-catalog/go/manifests/2.0.0",
  "/v2/devfile-catalog/go/blobs/uploads/",
  "/nothing",
];
/** All that the listener lets through which does not only read. */
const METHODS = ["POST", "PUT", "PATCH", "DELETE", "PROPFIND", "MKCOL", "LOCK", "PURGE", "QUERY"];

async function ask(method: string, path: string): Promise<Response> {
  return await request(path, { method });
}

describe("methods that do not only read", () => {
  test("there are addresses to ask", () => {
    expect(ADDRESSES.length).toBeGreaterThan(30);
    expect(ADDRESSES).toContain("/devfiles/some/thing");
  });

  test.each(ADDRESSES)("%s does not allow them and says which it does", async (path) => {
    for (const method of METHODS) {
      const response = await ask(method, path);
      expect([method, response.status]).toEqual([method, 405]);
      expect(response.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
      const body = await jsonOf(response);
      if (path.startsWith("/v2/")) expect(body.errors[0].code).toBe("UNSUPPORTED");
      else expect(body).toEqual({ message: "Only GET requests are supported." });
    }
  });

  test("are not found at /v2 without its slash, as with the Go server", async () => {
    for (const method of METHODS) expect((await ask(method, "/v2")).status).toBe(404);
  });

  test("the address for updates takes POST alone", async () => {
    for (const method of ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PROPFIND"]) {
      const response = await ask(method, UPDATE);
      expect([method, response.status]).toEqual([method, 405]);
      expect(response.headers.get("allow")).toBe("POST");
    }
  });
});
