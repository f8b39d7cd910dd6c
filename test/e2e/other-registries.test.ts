import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { type Serving, startServe } from "../support/devreg.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(60_000);

const EXAMPLES = join(import.meta.dir, "../../examples/registry");
let theirs: Serving;
let ours: Serving;

beforeAll(async () => {
  theirs = await startServe([EXAMPLES, "--no-network", "--name=Theirs"]);
  const listed = [
    { name: "Theirs", url: theirs.url },
    { name: "Away", url: "http://127.0.0.1:9" },
  ];
  ours = await startServe([EXAMPLES], { env: { DEVFILE_REGISTRIES: JSON.stringify(listed) } });
});
afterAll(async () => {
  await Promise.all([ours.stop(), theirs.stop()]);
});

test("the viewer shows other registries and says which is away", async () => {
  const page = async () => (await fetch(`${ours.url}/viewer?registries=Theirs`)).text();
  await until("both were asked", async () =>
    (await page()).includes("The registry Away does not answer"),
  );
  await until("the other answered", async () => (await page()).includes("5 of 10"));
  const link = /href="([^"]*\/viewer\/devfiles\/theirs\/go-service)"/.exec(await page())?.[1];
  expect(link).toBe(`${theirs.url}/viewer/devfiles/theirs/go-service`);
  const icon = /<img src="(viewer\/icons\/[^"]+)"/.exec(await page())?.[1];
  const answer = await fetch(`${ours.url}/${icon}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-security-policy")).toContain("sandbox");
});

test("the server stops while it waits to ask again", async () => {
  expect(await ours.stop()).toBe(0);
});
