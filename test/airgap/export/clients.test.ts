import { describe, expect, test } from "bun:test";
import { parse as parseYaml } from "yaml";
import { exportClusterConfig } from "../../../src/airgap/export/index.ts";
import type { IndexEntry } from "../../../src/generator/index.ts";

const URL = "https://devfiles.internal";

function clients(index: readonly IndexEntry[] | undefined, publicUrl: string | undefined = URL) {
  const target = { registry: "registry.internal", prefix: "" };
  const { files, notes } = exportClusterConfig({ images: [] }, target, {
    formats: ["clients"],
    targets: new Map(),
    insecure: false,
    name: "devfile-registry",
    publicUrl,
    index,
  });
  const read = (name: string) => files.find((file) => file.name === `clients/${name}`)?.text ?? "";
  return {
    names: files.map(({ name }) => name),
    notes,
    read,
    yaml: (name: string) => parseYaml(read(name)),
  };
}

const SAMPLE: IndexEntry = {
  name: "go basic",
  type: "sample",
  displayName: "Go: a start\u2028",
  description: "# no comment\nsecond line",
  tags: ["Go"],
  icon: "data:image/png;base64,AAAA",
};

describe("exportClusterConfig() for clients", () => {
  test("writes the lists of registries that a cluster and a namespace offer", () => {
    const { yaml } = clients([]);
    const spec = {
      devfileRegistries: [{ name: "devfile-registry", url: URL, skipTLSVerify: false }],
    };
    const head = {
      apiVersion: "registry.devfile.io/v1alpha1",
      metadata: { name: "devfile-registry" },
    };
    expect(yaml("cluster-devfile-registries-list.yaml")).toEqual({
      ...head,
      kind: "ClusterDevfileRegistriesList",
      spec,
    });
    expect(yaml("devfile-registries-list.yaml")).toEqual({
      ...head,
      kind: "DevfileRegistriesList",
      spec,
    });
  });

  test("writes a patch of CheCluster and the samples of the index", () => {
    const { yaml, read } = clients([
      SAMPLE,
      { name: "go", type: "stack" },
      { name: "b", type: "sample" },
    ]);
    expect(yaml("che-cluster.yaml")).toMatchObject({
      apiVersion: "org.eclipse.che/v2",
      spec: {
        components: {
          devfileRegistry: {
            disableInternalRegistry: true,
            externalDevfileRegistries: [{ url: URL }],
          },
        },
      },
    });
    const map = yaml("che-samples.yaml");
    expect(map.metadata.labels).toEqual({
      "app.kubernetes.io/part-of": "che.eclipse.org",
      "app.kubernetes.io/component": "getting-started-samples",
    });
    expect(read("che-samples.yaml")).not.toContain("\u2028");
    expect(JSON.parse(map.data["samples.json"])).toEqual([
      {
        displayName: "Go: a start\u2028",
        description: "# no comment\nsecond line",
        tags: ["Go"],
        url: `${URL}/devfiles/go%20basic`,
        icon: { base64data: "AAAA", mediatype: "image/png" },
      },
      { displayName: "b", url: `${URL}/devfiles/b` },
    ]);
  });

  test("leaves icons out of samples that would be too large for a ConfigMap", () => {
    const icon = `data:image/png;base64,${"A".repeat(600_000)}`;
    const { yaml } = clients([
      { ...SAMPLE, icon },
      { ...SAMPLE, name: "two", icon },
    ]);
    const samples = JSON.parse(yaml("che-samples.yaml").data["samples.json"]);
    expect(samples).toHaveLength(2);
    expect(samples[0]).not.toHaveProperty("icon");
  });

  test("writes what odo and the toolkit of VS Code read", () => {
    const { yaml, read } = clients([]);
    expect(yaml("odo-preference.yaml")).toMatchObject({
      kind: "Preference",
      apiversion: "odo.dev/v1alpha1",
      OdoSettings: { RegistryList: [{ Name: "DevfileRegistry", URL, secure: false }] },
    });
    expect(read("odo.sh")).toContain(`odo preference add registry DevfileRegistry ${URL}\n`);
  });

  test("writes what leads the name that the console asks to the registry", () => {
    const { yaml, read } = clients([]);
    expect(yaml("console/ingress.yaml").spec.rules[0]).toMatchObject({
      host: "registry.devfile.io",
      http: {
        paths: [{ backend: { service: { name: "devfile-registry", port: { number: 8080 } } } }],
      },
    });
    expect(yaml("console/route.yaml")).toMatchObject({
      apiVersion: "route.openshift.io/v1",
      spec: { host: "registry.devfile.io", tls: { termination: "edge" } },
    });
    expect(yaml("console/certificate.yaml").spec.dnsNames).toEqual(["registry.devfile.io"]);
    expect(yaml("console/dns-operator.yaml").spec.servers[0].zones).toEqual([
      "registry.devfile.io",
    ]);
    expect(read("console/corefile.txt")).toContain(
      "rewrite name exact registry.devfile.io devfiles.internal\n",
    );
    expect(clients([], "https://192.168.7.1:8443").read("console/corefile.txt")).toContain(
      "        192.168.7.1 registry.devfile.io\n",
    );
  });

  test("says what it cannot write", () => {
    const lock = clients(undefined);
    expect(lock.names).not.toContain("clients/che-samples.yaml");
    expect(lock.notes).toEqual([expect.stringContaining("samples for Che")]);
    expect(clients([], `${URL}/registry`).notes).toEqual([expect.stringContaining("below a path")]);
    const target = { registry: "registry.internal", prefix: "" };
    const options = {
      formats: ["clients"],
      targets: new Map(),
      insecure: false,
      name: "r",
    } as const;
    expect(exportClusterConfig({ images: [] }, target, options)).toEqual({
      files: [],
      notes: [expect.stringContaining("give --public-url")],
    });
  });
});
