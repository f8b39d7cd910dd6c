import { describe, expect, test } from "bun:test";
import {
  type CredentialOptions,
  type HelperRun,
  loadCredentials,
} from "../../../src/oci-client/remote/index.ts";
import { failureOf } from "../../support/remote.ts";

const basic = (name: string) => ({
  kind: "basic" as const,
  username: name,
  password: `${name}-pw`,
});
const encoded = (name: string) => ({ auth: btoa(`${name}:${name}-pw`) });
const entry = (key: string, name: string) => JSON.stringify({ auths: { [key]: encoded(name) } });

interface Parts extends Partial<Omit<CredentialOptions, "readFile">> {
  readonly files?: Readonly<Record<string, string>>;
}

function source({ files = {}, env = {}, ...rest }: Parts) {
  const read: string[] = [];
  const readFile = async (path: string) => {
    read.push(path);
    return files[path];
  };
  return { read, ...loadCredentials({ env, readFile, homeDir: "/home/me", ...rest }) };
}

const ALL_FILES = {
  "/named.json": entry("quay.io", "named"),
  "/run/containers/auth.json": entry("quay.io", "runtime"),
  "/config/containers/auth.json": entry("quay.io", "config"),
  "/docker/config.json": entry("quay.io", "docker"),
  "/home/me/.dockercfg": JSON.stringify({ "https://quay.io/v1/": encoded("legacy") }),
};
const ALL_ENV = {
  DEVREG_AUTH_QUAY_IO: "env:env-pw",
  REGISTRY_AUTH_FILE: "/named.json",
  XDG_RUNTIME_DIR: "/run",
  XDG_CONFIG_HOME: "/config",
  DOCKER_CONFIG: "/docker",
};

describe("loadCredentials()", () => {
  test("looks in the documented order", async () => {
    const files: Record<string, string> = { ...ALL_FILES };
    const env: Record<string, string> = { ...ALL_ENV };
    const found = async (flag?: string) => {
      const credential = await source({ files, env, flag }).for("quay.io");
      return credential?.kind === "basic" ? credential.username : credential?.kind;
    };
    const order = [await found("flag:flag-pw"), await found()];
    delete env["DEVREG_AUTH_QUAY_IO"];
    order.push(await found());
    delete env["REGISTRY_AUTH_FILE"];
    for (const path of Object.keys(files).slice(1)) {
      order.push(await found());
      delete files[path];
    }
    order.push(await found());
    expect(order).toEqual([
      "flag",
      "env",
      "named",
      "runtime",
      "config",
      "docker",
      "legacy",
      undefined,
    ]);
  });

  test("prefers --authfile to REGISTRY_AUTH_FILE", async () => {
    const files = { "/flag.json": entry("quay.io", "flag"), ...ALL_FILES };
    const env = { REGISTRY_AUTH_FILE: "/named.json" };
    const { for: find } = source({ files, env, authFile: "/flag.json" });
    expect(await find("quay.io")).toEqual(basic("flag"));
  });

  test("falls back to the home directory, and does without one", async () => {
    const files = { "/home/me/.docker/config.json": entry("quay.io", "home") };
    expect(await source({ files }).for("quay.io")).toEqual(basic("home"));
    expect(await source({ files, homeDir: undefined }).for("quay.io")).toBeUndefined();
  });

  test("reads each file once and none before it is needed", async () => {
    const credentials = source({ files: ALL_FILES, env: { XDG_RUNTIME_DIR: "/run" } });
    expect(credentials.read).toEqual([]);
    await credentials.for("quay.io");
    await credentials.for("quay.io", "a/b");
    expect(credentials.read).toEqual(["/run/containers/auth.json"]);
  });

  test("takes a value without a colon for a token", async () => {
    const env = { DEVREG_AUTH_LOCALHOST_5000: "sha256~abc" };
    expect(await source({ env }).for("localhost:5000")).toEqual({
      kind: "bearer",
      token: "sha256~abc",
    });
  });

  test("fails when one variable means two hosts", async () => {
    const credentials = source({ env: { DEVREG_AUTH_A_EXAMPLE: "u:p" } });
    await credentials.for("a.example");
    const failure = await failureOf(credentials.for("a-example"));
    expect(failure.code).toBe("CONFIG_INVALID");
    expect(failure.message).toContain('both "a.example" and "a-example"');
  });

  const matches: readonly (readonly [
    keys: string,
    host: string,
    repository: string,
    found: boolean,
  ])[] = [
    ["quay.io", "quay.io", "a/b", true],
    ["quay.io", "QUAY.IO", "", true],
    ["https://quay.io", "quay.io", "", true],
    ["https://quay.io/v2/", "quay.io", "", true],
    ["quay.io/v1/", "quay.io", "", true],
    ["quay.io/a", "quay.io", "a/b", true],
    ["quay.io/a", "quay.io", "ab", false],
    ["quay.io/a", "quay.io", "", false],
    ["quay.io", "quay.io.evil.test", "", false],
    ["quay.io", "evil-quay.io", "", false],
    ["quay.io", "io", "", false],
    ["quay.io", "quay.io:5000", "", false],
    ["quay.io:443", "quay.io", "", false],
    ["my.quay.io", "quay.io", "", false],
    ["evil.test/quay.io", "quay.io", "", false],
    ["https://index.docker.io/v1/", "docker.io", "library/x", true],
    ["docker.io", "registry-1.docker.io", "", true],
    ["index.docker.io", "evil.docker.io", "", false],
  ];
  for (const [key, host, repository, found] of matches) {
    test(`an entry "${key}" is ${found ? "" : "not "}for ${host} ${repository}`, async () => {
      const files = { "/named.json": entry(key, "x") };
      const credential = await source({ files, authFile: "/named.json" }).for(host, repository);
      expect(credential).toEqual(found ? basic("x") : undefined);
    });
  }

  test("takes the longest matching prefix", async () => {
    const auths = {
      "quay.io": encoded("host"),
      "quay.io/a": encoded("a"),
      "quay.io/a/b": encoded("b"),
    };
    const files = { "/named.json": JSON.stringify({ auths }) };
    const { for: find } = source({ files, authFile: "/named.json" });
    expect(await find("quay.io", "a/b/c")).toEqual(basic("b"));
    expect(await find("quay.io", "a/x")).toEqual(basic("a"));
    expect(await find("quay.io", "x")).toEqual(basic("host"));
  });

  test("reads every form of an entry", async () => {
    const auths = {
      plain: { username: "u", password: "p" },
      padded: { auth: btoa("u:p:q\0\0") },
      identity: { auth: btoa("u:ignored"), identitytoken: "refresh" },
      registry: { registrytoken: "bearer" },
      empty: {},
    };
    const files = { "/named.json": JSON.stringify({ auths }) };
    const { for: find } = source({ files, authFile: "/named.json" });
    expect(await Promise.all(Object.keys(auths).map((host) => find(host)))).toEqual([
      { kind: "basic", username: "u", password: "p" },
      { kind: "basic", username: "u", password: "p:q" },
      { kind: "refresh", token: "refresh" },
      { kind: "bearer", token: "bearer" },
      undefined,
    ]);
  });

  const broken = [
    ["no JSON", "{secret"],
    ["another form", '{"auths":{"a":{"auth":1}}}'],
    ["an auth that is no pair", `{"auths":{"a":{"auth":"${btoa("secret")}"}}}`],
  ] as const;
  for (const [name, text] of broken) {
    test(`names the file that holds ${name}, not its content`, async () => {
      const credentials = source({ files: { "/named.json": text }, authFile: "/named.json" });
      const failure = await failureOf(credentials.for("a"));
      expect(failure.code).toBe("CONFIG_INVALID");
      expect(failure.message).toContain("/named.json");
      expect(`${failure.message}${failure.hint}${failure.cause}`).not.toContain("secret");
    });
  }

  test("fails when a file that was named is missing", async () => {
    expect((await failureOf(source({ authFile: "/none" }).for("a"))).message).toContain("/none");
  });
});

describe("credential helpers", () => {
  const asked: string[] = [];
  const answering =
    (answers: Readonly<Record<string, string>>): HelperRun =>
    async (program, input) => {
      asked.push(`${program} ${input}`);
      const stdout = answers[`${program} ${input}`];
      return stdout === undefined
        ? { code: 1, stdout: "credentials not found in native keychain\n" }
        : { code: 0, stdout };
    };
  const config = (more: object) => ({
    files: {
      "/named.json": JSON.stringify({
        auths: { "a.example": encoded("file"), "docker.io": encoded("file") },
        ...more,
      }),
    },
    authFile: "/named.json",
  });
  const secret = (Username: string, Secret: string) => JSON.stringify({ Username, Secret });

  test("come in the order credHelpers, credsStore, auths", async () => {
    const parts = config({ credHelpers: { "a.example": "one" }, credsStore: "two" });
    const both = {
      "docker-credential-one a.example": secret("one", "one-pw"),
      "docker-credential-two a.example": secret("two", "two-pw"),
    };
    const find = (answers: Record<string, string>) =>
      source({ ...parts, runHelper: answering(answers) }).for("a.example");
    expect(await find(both)).toEqual(basic("one"));
    expect(await find({ [Object.keys(both)[1] ?? ""]: secret("two", "two-pw") })).toEqual(
      basic("two"),
    );
    expect(await find({})).toEqual(basic("file"));
  });

  test("are asked once per registry, Docker Hub under its old address", async () => {
    asked.length = 0;
    const answers = { "docker-credential-x https://index.docker.io/v1/": secret("<token>", "t") };
    const credentials = source({ ...config({ credsStore: "x" }), runHelper: answering(answers) });
    const found = [
      await credentials.for("docker.io"),
      await credentials.for("index.docker.io", "a"),
    ];
    expect(found).toEqual(new Array(2).fill({ kind: "refresh", token: "t" }));
    expect(asked).toHaveLength(1);
  });

  test("have names that cannot lead elsewhere", async () => {
    for (const name of ["../x", "a b", "a;b", "/bin/sh", ""]) {
      const parts = { ...config({ credHelpers: { "a.example": name } }), runHelper: answering({}) };
      expect((await failureOf(source(parts).for("a.example"))).code).toBe("CONFIG_INVALID");
    }
  });

  test("that fail or answer nonsense are an error that keeps the secret", async () => {
    const runs: HelperRun[] = [
      async () => ({ code: 2, stdout: "secret" }),
      async () => ({ code: 0, stdout: "secret" }),
      async () => {
        throw new Error("spawn ENOENT");
      },
    ];
    for (const runHelper of runs) {
      const failure = await failureOf(
        source({ ...config({ credsStore: "x" }), runHelper }).for("a.example"),
      );
      expect(failure.message).toContain("docker-credential-x");
      expect(failure.message).not.toContain("secret");
    }
  });
});
