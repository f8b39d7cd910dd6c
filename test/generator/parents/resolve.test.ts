import { describe, expect, test } from "bun:test";
import { parse } from "yaml";
import { resolveParents } from "../../../src/generator/parents/index.ts";
import { servedDevfiles } from "./served-devfiles.ts";

const PARENT_URI = "https://example.com/base/devfile.yaml";
const PARENT = `# licence of the parent
schemaVersion: 2.1.0
metadata: {name: base}
components:
  # of the parent
  - name: runtime
    container:
      image: base:1.10
      memoryLimit: "1024"
      env:
        - {name: A, value: "1"}
        - {name: B, value: "2"}
  - name: deploy
    kubernetes:
      uri: deploy.yaml
commands:
  - id: build
    exec: {component: runtime, commandLine: make}
`;

const CHILD = `# licence of the child
schemaVersion: 2.2.0
metadata:
  name: child # its own
  version: 1.10.0
parent:
  uri: ${PARENT_URI}
  components:
    - name: runtime
      container:
        env:
          - {name: C, value: "3"}
          - {name: A, value: "9"}
# what it adds
components:
  - name: data # a volume
    volume: {size: 1Gi}
commands:
  - id: run
    exec: {component: runtime, commandLine: 'run', hotReloadCapable: yes}
`;

describe("resolveParents()", () => {
  test("merges the overridden parent into the devfile and keeps the devfile's comments", async () => {
    const deps = servedDevfiles({ [PARENT_URI]: PARENT });
    const { text, imports, files } = await resolveParents({ text: CHILD }, deps);
    expect(text).toBe(`# licence of the child
schemaVersion: 2.2.0
metadata:
  name: child # its own
  version: 1.10.0
# what it adds
components:
  - name: runtime
    container:
      image: base:1.10
      memoryLimit: "1024"
      env:
        - {name: C, value: "3"}
        - {name: A, value: "9"}
        - {name: B, value: "2"}
  - name: deploy
    kubernetes:
      uri: deploy.yaml
  - name: data # a volume
    volume: {size: 1Gi}
commands:
  - id: build
    exec: {component: runtime, commandLine: make}
  - id: run
    exec: {component: runtime, commandLine: 'run', hotReloadCapable: yes}
`);
    expect(imports).toEqual([{ kind: "uri", uri: PARENT_URI }]);
    expect(files).toEqual([{ uri: "deploy.yaml", base: PARENT_URI }]);
    expect((await resolveParents({ text: CHILD }, deps)).text).toBe(text);
    expect(await resolveParents({ text }, deps)).toEqual({ text, imports: [], files: [] });
  });

  test("leaves a devfile that imports nothing as it is", async () => {
    const text = "\ufeffschemaVersion:   2.2.0\r\n";
    expect((await resolveParents({ text }, servedDevfiles({}))).text).toBe(text);
  });

  test("follows parents of parents and relative addresses, each against its own devfile", async () => {
    const deps = servedDevfiles({
      "https://example.com/b/devfile.yaml":
        "schemaVersion: 2.0.0\nparent: {uri: ../c/other.yaml}\ncomponents: [{name: b, volume: {}}]\n",
      "https://example.com/c/other.yaml":
        "schemaVersion: 2.0.0\ncomponents: [{name: c, image: {imageName: x, dockerfile: {uri: Dockerfile}}}]\n",
    });
    const devfile = {
      text: "schemaVersion: 2.2.0\nparent: {uri: ../b/devfile.yaml}\n",
      base: "https://example.com/a/devfile.yaml",
    };
    const { text, files } = await resolveParents(devfile, deps);
    expect(parse(text)).toEqual({
      schemaVersion: "2.2.0",
      components: [
        { name: "c", image: { imageName: "x", dockerfile: { uri: "Dockerfile" } } },
        { name: "b", volume: {} },
      ],
    });
    expect(files).toEqual([{ uri: "Dockerfile", base: "https://example.com/c/other.yaml" }]);
  });

  test("merges events by first mention, variables and attributes by key", async () => {
    const deps = servedDevfiles({
      "go@1.0.0":
        "schemaVersion: 2.1.0\nevents: {postStart: [b, a]}\nvariables: {x: 1.10}\nattributes: {p: {q: 1}}\n",
    });
    const { text } = await resolveParents(
      {
        text: "schemaVersion: 2.2.0\nparent: {id: go, version: 1.0.0, variables: {x: yes}}\nevents: {postStart: [c, a]}\nattributes: {own: 1}\n",
      },
      deps,
    );
    expect(text).toBe(
      "schemaVersion: 2.2.0\nevents: {postStart: [b, a, c]}\nattributes:\n  p: {q: 1}\n  own: 1\nvariables:\n  x: yes\n",
    );
  });

  test("puts what a plugin brings in the place of plugins", async () => {
    const deps = servedDevfiles({
      "https://example.com/plugin.yaml":
        "schemaVersion: 2.0.0\ncomponents: [{name: tool, container: {image: a, args: [x]}}]\ncommands: [{id: t, exec: {component: tool, commandLine: c}}]\n",
    });
    const { text } = await resolveParents(
      {
        text: "schemaVersion: 2.0.0\ncomponents:\n- name: p\n  plugin:\n    uri: https://example.com/plugin.yaml\n    components: [{name: tool, container: {args: [y]}}]\n- name: own\n  volume: {}\n",
      },
      deps,
    );
    expect(parse(text)).toEqual({
      schemaVersion: "2.0.0",
      components: [
        { name: "tool", container: { image: "a", args: ["y"] } },
        { name: "own", volume: {} },
      ],
      commands: [{ id: "t", exec: { component: "tool", commandLine: "c" } }],
    });
  });

  test("writes out aliases and merge keys of a parent", async () => {
    const deps = servedDevfiles({
      [PARENT_URI]:
        "schemaVersion: 2.1.0\ncomponents:\n- name: a\n  container: &c {image: i, env: &e [{name: A, value: '1'}]}\n- name: b\n  container: {<<: *c, image: j}\n- name: d\n  container: {image: k, env: *e}\n",
    });
    const { text } = await resolveParents(
      {
        text: `schemaVersion: 2.1.0\nparent:\n  uri: ${PARENT_URI}\n  components: [{name: a, container: {env: [{name: A, value: '2'}]}}]\n`,
      },
      deps,
    );
    expect(parse(text).components).toEqual([
      { name: "a", container: { image: "i", env: [{ name: "A", value: "2" }] } },
      { name: "b", container: { image: "j", env: [{ name: "A", value: "1" }] } },
      { name: "d", container: { image: "k", env: [{ name: "A", value: "1" }] } },
    ]);
  });
});

describe("resolveParents() refuses", () => {
  const failure = async (text: string, devfiles: Record<string, string> = {}) => {
    try {
      await resolveParents({ text }, servedDevfiles(devfiles));
    } catch (error) {
      return error;
    }
    return undefined;
  };

  test("a circle, with the way around it", async () => {
    const [a, b] = ["https://example.com/a.yaml", "https://example.com/b.yaml"];
    const text = (uri: string) => `schemaVersion: 2.2.0\nparent: {uri: '${uri}'}\n`;
    expect(await failure(text(a), { [a]: text(b), [b]: text(a) })).toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining(
        `they lead in a circle: main devfile → uri: ${a} → uri: ${b} → uri: ${a}`,
      ),
    });
  });

  test("a chain that is too long, and too many parents and plugins", async () => {
    const at = (n: number) => `https://example.com/${n}.yaml`;
    const chain = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [
        at(n),
        `schemaVersion: 2.2.0\nparent: {uri: '${at(n + 1)}'}\n`,
      ]),
    );
    expect(await failure(`schemaVersion: 2.2.0\nparent: {uri: '${at(0)}'}\n`, chain)).toMatchObject(
      {
        code: "LIMIT_EXCEEDED",
      },
    );
    const plugins = Array.from(
      { length: 70 },
      (_, n) => `{name: p${n}, plugin: {uri: '${at(1)}'}}`,
    );
    expect(
      await failure(`schemaVersion: 2.0.0\ncomponents: [${plugins.join(", ")}]\n`, {
        [at(1)]: "schemaVersion: 2.0.0\n",
      }),
    ).toMatchObject({ code: "LIMIT_EXCEEDED" });
  });

  test("a parent that is a resource of a cluster", async () => {
    const text = "schemaVersion: 2.2.0\nparent: {kubernetes: {name: base}}\n";
    expect(await failure(text)).toMatchObject({
      code: "UNSUPPORTED",
      message: 'Cannot resolve "parent" of "devfile.yaml": it is the resource "base" of a cluster',
    });
  });

  test("a parent of a newer schema version; what follows a dash does not count", async () => {
    const text = `schemaVersion: 2.1.0-alpha\nparent: {uri: '${PARENT_URI}'}\n`;
    expect(await failure(text, { [PARENT_URI]: "schemaVersion: 2.1.0\n" })).toBeUndefined();
    expect(await failure(text, { [PARENT_URI]: "schemaVersion: 2.2.0-beta\n" })).toMatchObject({
      message: expect.stringContaining("its schema version 2.2.0 is newer than 2.1.0"),
    });
  });

  test("overriding what the parent lacks, and defining what it has", async () => {
    const devfiles = { [PARENT_URI]: PARENT };
    const start = `schemaVersion: 2.2.0\nparent:\n  uri: ${PARENT_URI}\n`;
    expect(await failure(`${start}  commands: [{id: nope}]\n`, devfiles)).toMatchObject({
      message: 'Cannot override commands in "parent": "nope" is not imported',
    });
    expect(await failure(`${start}commands: [{id: build}]\n`, devfiles)).toMatchObject({
      message: 'Cannot merge commands of "devfile.yaml": "build" is defined in its parent too',
    });
  });

  test("a reference to nothing, and a relative one without a base", async () => {
    expect(await failure("schemaVersion: 2.2.0\nparent: {version: 1.0.0}\n")).toMatchObject({
      message: 'Cannot resolve "parent" of "devfile.yaml": it refers to nothing',
    });
    expect(await failure("schemaVersion: 2.2.0\nparent: {uri: ../x.yaml}\n")).toMatchObject({
      message: expect.stringContaining('"../x.yaml" is relative'),
    });
  });

  test("a parent that is no devfile, by its name", async () => {
    const text = `schemaVersion: 2.2.0\nparent: {uri: '${PARENT_URI}'}\n`;
    expect(await failure(text, { [PARENT_URI]: "a: [" })).toMatchObject({
      code: "INPUT_INVALID",
      message: `Cannot read "uri: ${PARENT_URI}": it is no devfile`,
    });
  });
});
