import { describe, expect, test } from "bun:test";
import { MemoryRegistry } from "../../../../src/oci-client/index.ts";
import { artifactWith, pushMixedArtifacts } from "../../../support/mixed-artifacts.ts";
import { pushImage } from "../../../support/sample-image.ts";
import { servedApp } from "../../../support/served-app.ts";

const HOST = { host: "reg.example:5000" };

async function page(query = "", publicUrl?: string): Promise<string> {
  const registry = new MemoryRegistry();
  await pushMixedArtifacts(registry);
  const { get } = await servedApp({ deps: { registry }, config: { publicUrl } });
  const response = await get(`/viewer/artifacts${query}`, HOST);
  expect(response.status).toBe(200);
  return await response.text();
}

describe("/viewer/artifacts", () => {
  test("shows reference, type with its picture, size and action of each", async () => {
    const text = await page();
    expect(text).toContain('<a href="../viewer/artifacts" aria-current="page">');
    expect(text).toContain('<code title="charts/web:1.2.3">charts/web:<b>1.2.3</b></code>');
    expect(text).toContain("<span>Helm chart</span>");
    const command = "helm pull --plain-http oci://reg.example:5000/charts/web --version 1.2.3";
    expect(text).toContain(`data-copy="${command}"`);
    expect(text).toContain("linux/arm64");
    expect(text).toMatch(/<summary>Details and 3 referrers<\/summary>/);
    expect(text).toContain("A web server with &lt;all&gt; that it needs");
  });

  test("narrows down by type, scan and name, in links and in the form", async () => {
    const text = await page("?type=helm-chart&name=web");
    expect(text).not.toContain("team/app");
    expect(text).toContain('<input type="hidden" name="type" value="helm-chart">');
    expect(text).toContain('href="artifacts?type=helm-chart&amp;scan=files&amp;name=web"');
    expect(text).toContain('href="../artifacts?type=helm-chart&amp;name=web"');
    const images = await page("?scan=image");
    expect(images).toContain("team/app");
    expect(images).not.toContain("charts/web");
  });

  test("says when nothing matches, and repeats what was asked for only escaped", async () => {
    const text = await page("?name=%22%3E%3Cscript%3E&type=%3Cb%3E");
    expect(text).toContain("Nothing matches");
    expect(text).not.toContain("<script>");
    expect(text).not.toContain("<b>");
  });

  test("leads from a stack to its page", async () => {
    const { get } = await servedApp();
    const text = await (await get("/viewer/artifacts", HOST)).text();
    expect(text).toMatch(/href="\.\.\/viewer\/devfiles\/test\/go\?devfile-version=[\d.]+"/);
  });

  test("names the public address, and refuses a host that is none", async () => {
    expect(await page("", "https://devfiles.example")).toContain(
      "docker pull devfiles.example/team/app:2.1.0",
    );
    const { get } = await servedApp();
    expect((await get("/viewer/artifacts", { host: "<b>" })).status).toBe(400);
  });

  test("pages, and goes to the last page where there are no more", async () => {
    const registry = new MemoryRegistry();
    for (let at = 0; at < 60; at += 1) {
      const graph = artifactWith({ text: String(at) });
      await pushImage(registry.repository(`many/a${at}`), "1", graph);
    }
    const { get } = await servedApp({ deps: { registry } });
    const first = await (await get("/viewer/artifacts", HOST)).text();
    expect(first).toContain("60 artifacts, page 1 of 2");
    expect(first).toContain('rel="next" href="artifacts?page=2"');
    const last = await (await get("/viewer/artifacts?page=99", HOST)).text();
    expect(last).toContain("60 artifacts, page 2 of 2");
    expect(last).toContain("many/a59");
  });
});
