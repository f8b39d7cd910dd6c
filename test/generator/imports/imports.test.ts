import { describe, expect, test } from "bun:test";
import { DevregError } from "../../../src/errors.ts";
import type { GenerateResult } from "../../../src/generator/index.ts";
import { devfileText, generateFiles } from "../../support/registry-repository.ts";

const PUBLIC = "https://registry.devfile.io";
const OWN = "https://devfiles.example";
const WEB = "https://raw.githubusercontent.com/acme/base/main/devfile.yaml";
const TOOLS = `components:
  - name: tools
    container: {image: example.com/tools:1.0}
commands:
  - id: build
    exec: {component: tools, commandLine: make}
`;
const BASE = devfileText({ name: "base", icon: "data:,x" }, TOOLS);
const CHILD = "stacks/child/devfile.yaml";

/** Makes a child of the stack "base", or of what else is told, and gives what is found in it. */
async function child(
  rest: string,
  options: {
    readonly files?: Readonly<Record<string, string>>;
    readonly web?: Readonly<Record<string, string | DevregError>>;
    readonly publicUrl?: string;
  } = {},
): Promise<{
  readonly found: string[];
  readonly asked: string[];
  readonly result: GenerateResult;
}> {
  const { files = { "stacks/base/devfile.yaml": BASE }, web, publicUrl } = options;
  const asked: string[] = [];
  const fetch = async (url: URL) => {
    asked.push(url.href);
    const answer = web?.[url.href] ?? new DevregError("NOT_FOUND", `Cannot fetch "${url.href}"`);
    if (answer instanceof DevregError) throw answer;
    return { bytes: Buffer.from(answer), url };
  };
  const result = await generateFiles(
    { ...files, [CHILD]: devfileText({ name: "child", icon: "data:,x" }, rest) },
    {
      imports: {
        publicUrl,
        alsoKnownAs: [PUBLIC],
        ...(web === undefined ? {} : { fetch }),
      },
    },
  );
  return { found: lines(result), asked, result };
}

function lines({ report }: GenerateResult): string[] {
  return report.findings
    .filter(({ rule }) => !["entry-incomplete", "no-last-modified"].includes(rule))
    .map(({ severity, rule, file, line, column, path, message, hint }) =>
      [
        `${severity} ${rule} ${file}:${line}:${column} ${path}`,
        message.replace(/(is no valid devfile): .*/, "$1"),
        ...(hint === undefined ? [] : [hint]),
      ].join(" | "),
    );
}

const parent = (more = "", id = "base") => `parent:
  id: ${id}
  registryUrl: ${PUBLIC}
${more}`;

describe("generate() on a devfile with a parent", () => {
  test.each([
    ["by id and a known address of this registry", parent()],
    ["by id and version", parent("  version: 1.0.0\n")],
    ["by uri at a known address", `parent: {uri: "${PUBLIC}/devfiles/base/1.0.0"}\n`],
    ["by a path", "parent: {uri: ../base/devfile.yaml}\n"],
  ])("finds one %s", async (_, reference) => {
    const uses = "commands:\n  - id: run\n    exec: {component: tools, commandLine: go}\n";
    const { found, result } = await child(`${reference}${uses}`);
    expect(found.filter((line) => line.startsWith("error"))).toEqual([]);
    expect(result.report.notChecked).toEqual([]);
    expect(result.build).toBeDefined();
  });

  test("judges it with all that it imports, and tells by whom it is wrong", async () => {
    const overrides = `  components:
    - name: tools
      container:
        memoryLimit: much
`;
    const own = "commands:\n  - id: run\n    exec: {component: tols, commandLine: go}\n";
    const { found } = await child(`${parent(overrides)}${own}`);
    expect(found).toEqual([
      `error quantity ${CHILD}:15:22 parent.components[0].container.memoryLimit | memoryLimit "much" is no quantity | Write a number and its unit, such as 512Mi or 2Gi`,
      `error command-component ${CHILD}:18:23 commands[0].exec.component | the component "tols" is unknown | Did you mean "tools"?`,
    ]);
  });

  test("tells of a command that an override leaves without a component", async () => {
    const { found } = await child(parent("  commands: [{id: build, apply: {label: x}}]\n"));
    expect(found).toEqual([
      `error command-component ${CHILD}:12:33 parent.commands[0].apply | the command "build" is apply now and names no component | Add component below apply`,
    ]);
  });

  test("tells what a parent from elsewhere has wrong at the reference to it", async () => {
    const wrong = `${BASE}  - id: lost\n    exec: {component: nowhere, commandLine: x}\n`;
    const { found, asked } = await child(`parent: {uri: "${WEB}"}\n`, { web: { [WEB]: wrong } });
    expect(found).toEqual([
      `error command-component ${CHILD}:9:9 parent | in the parent "uri: ${WEB}": the component "nowhere" is unknown | Known here: tools`,
    ]);
    expect(asked).toEqual([WEB]);
  });
});

describe("generate() on a parent that cannot be used", () => {
  test.each(["parent: {uri: ''}\n", "parent: {id: ''}\n"])(
    "takes %j for none, as Go does",
    async (rest) => {
      expect((await child(rest)).found).toEqual([]);
    },
  );

  test.each<[string, string, string[]]>([
    [
      "an unknown id",
      parent("", "bse").replace(PUBLIC, OWN),
      [
        `error parent-unknown ${CHILD}:10:7 parent.id | Cannot find "bse": this registry has no stack or sample of that name | Did you mean "base"?`,
      ],
    ],
    [
      "an unknown version",
      parent("  version: 2.0.0\n").replace(PUBLIC, OWN),
      [
        `error parent-unknown ${CHILD}:12:12 parent.version | Cannot find version "2.0.0" of "base": this registry has 1.0.0 | Write one of these, or leave version out for the default`,
      ],
    ],
    [
      "an id without a registry",
      "parent: {id: nope}\n",
      [
        `error parent-unknown ${CHILD}:9:14 parent.id | Cannot find "nope": this registry has no stack or sample of that name | Name a stack of this registry, or add the registryUrl of the one that has it`,
      ],
    ],
    [
      "an id of this registry without its address",
      "parent: {id: base}\n",
      [
        `warning parent-registry ${CHILD}:9:14 parent.id | "base" names no registry: only those who are told of this one find it | Add the registryUrl of this registry; the Go generator refuses it without`,
      ],
    ],
    [
      "a path to nothing",
      "parent:\n  uri: ../bse/devfile.yaml\n",
      [
        `error parent-unknown ${CHILD}:10:8 parent.uri | Cannot find "stacks/bse/devfile.yaml": there is no such file | The uri counts from the folder of the devfile`,
      ],
    ],
    [
      "a path that leaves the repository",
      "parent: {uri: ../../../../devfile.yaml}\n",
      [
        `error parent-unknown ${CHILD}:9:15 parent.uri | Cannot find "devfile.yaml": there is no such file | The uri counts from the folder of the devfile`,
      ],
    ],
    [
      "another scheme",
      "parent: {uri: 'ftp://example.com/devfile.yaml'}\n",
      [
        `error parent-reference ${CHILD}:9:15 parent.uri | Cannot fetch "ftp://example.com/devfile.yaml": it is no http or https address | Write the whole address, with https://`,
      ],
    ],
    [
      "a path with a broken escape",
      "parent: {uri: '50%zz.yaml'}\n",
      [
        `error parent-unknown ${CHILD}:9:15 parent.uri | Cannot find "stacks/child/50%zz.yaml": there is no such file | The uri counts from the folder of the devfile`,
      ],
    ],
    [
      "the scheme that stands for files in here",
      "parent: {uri: 'devreg-file://0/stacks/base/devfile.yaml'}\n",
      [
        `error parent-reference ${CHILD}:9:15 parent.uri | Cannot fetch "stacks/base/devfile.yaml": it is no http or https address | Write the whole address, with https://`,
      ],
    ],
    [
      "a registry without a scheme",
      "parent: {id: x, registryUrl: example.com}\n",
      [
        `error parent-reference ${CHILD}:9:30 parent.registryUrl | Cannot fetch "example.com": it is no http or https address | Write the whole address, with https://`,
      ],
    ],
    [
      "a resource of a cluster",
      "parent:\n  kubernetes: {name: base}\n",
      [
        `error parent-kubernetes ${CHILD}:10:15 parent.kubernetes | Cannot resolve "parent" of "${CHILD}": it is the resource "base" of a cluster | Export that DevWorkspaceTemplate as a devfile and refer to it by uri or id`,
      ],
    ],
    [
      "itself",
      parent("", "child"),
      [
        `error parent-circle ${CHILD}:10:7 parent.id | Cannot resolve the parents of "id: child, registryUrl: ${PUBLIC}": they lead in a circle: main devfile → id: child, registryUrl: ${PUBLIC} → id: child, registryUrl: ${PUBLIC} | Take the parent out of one of them`,
      ],
    ],
    [
      "overriding what it lacks",
      parent(
        "  components:\n    - name: tool\n      container: {memoryLimit: 1Gi}\n  commands: [{id: zz, exec: {label: x}}]\n  variables: {v: x}\n",
      ),
      [
        `error override-unknown ${CHILD}:13:13 parent.components[0].name | Cannot override components in "parent": "tool" is not imported | Did you mean "tools"?`,
        `error override-unknown ${CHILD}:15:19 parent.commands[0].id | Cannot override commands in "parent": "zz" is not imported | Define new commands in the main body, not in the overriding part`,
        `error override-unknown ${CHILD}:16:18 parent.variables.v | Cannot override variables in "parent": "v" is not imported | Define new variables in the main body, not in the overriding part`,
      ],
    ],
    [
      "defining what it has",
      `${parent()}${TOOLS}`,
      [
        `error merge-conflict ${CHILD}:13:11 components[0].name | Cannot merge components of "${CHILD}": "tools" is defined in its parent too | Override it below the reference to the parent or plugin, or give it another name`,
        `error merge-conflict ${CHILD}:16:9 commands[0].id | Cannot merge commands of "${CHILD}": "build" is defined in its parent too | Override it below the reference to the parent or plugin, or give it another name`,
      ],
    ],
  ])("refuses %s", async (_, rest, expected) => {
    const { found } = await child(rest, { publicUrl: OWN });
    expect(found).toEqual(expected);
  });
});

describe("generate() on parents in other registries", () => {
  const elsewhere = parent("  version: 2.0.0\n", "far");
  const address = `${PUBLIC}/devfiles/far/2.0.0`;

  test("lists those that it may not fetch", async () => {
    const { found, result } = await child(elsewhere);
    expect(found).toEqual([]);
    expect(result.report.notChecked).toContain(
      `1 parent in other registries was not fetched (id: far, registryUrl: ${PUBLIC}, version: 2.0.0)`,
    );
    expect(result.build).toBeDefined();
  });

  test("judges by itself what such a devfile has, as far as no parent can mend it", async () => {
    const own = `components:
  - {name: a, container: {image: i, memoryLimit: much, cpuLimit: "{{cpu}}"}}
commands:
  - id: run
    exec: {component: tools, commandLine: x}
  - id: run
    exec: {component: tools, commandLine: z}
`;
    const { found } = await child(`${elsewhere}${own}`);
    expect(found.map((line) => line.split(" | ")[0] ?? "")).toEqual([
      `error quantity ${CHILD}:14:50 components[0].container.memoryLimit`,
      `error command-duplicate ${CHILD}:18:9 commands[1].id`,
    ]);
  });

  test("fetches each once, however many stacks have it", async () => {
    const files = Object.fromEntries(
      ["a", "b", "c"].map((name) => [
        `stacks/${name}/devfile.yaml`,
        devfileText({ name, icon: "data:,x" }, elsewhere),
      ]),
    );
    const { found, asked } = await child(elsewhere, { files, web: { [address]: BASE } });
    expect(found).toEqual([]);
    expect(asked).toEqual([address]);
  });

  test.each<[string, string, Readonly<Record<string, string | DevregError>>, string[]]>([
    [
      "is not there",
      elsewhere,
      {},
      [
        `error parent-unknown ${CHILD}:10:7 parent.id | Cannot fetch "${PUBLIC}/devfiles/far/2.0.0" | Check the reference`,
      ],
    ],
    [
      "cannot be reached",
      elsewhere,
      { [address]: new DevregError("NETWORK", "Cannot fetch it: the connection was refused") },
      [
        `warning parent-unreachable ${CHILD}:10:7 parent.id | Cannot fetch it: the connection was refused | Try again, or check the address`,
      ],
    ],
    [
      "is no devfile",
      elsewhere,
      { [address]: "a: [" },
      [
        `error parent-invalid ${CHILD}:10:7 parent.id | Cannot import it: "${PUBLIC}/devfiles/far/2.0.0:1:4" is no valid devfile | Mend what is imported, or refer to something else`,
      ],
    ],
    [
      "breaks its schema",
      elsewhere,
      { [address]: `${BASE}events: 1\n` },
      [
        `error parent-invalid ${CHILD}:10:7 parent.id | Cannot import it: "${PUBLIC}/devfiles/far/2.0.0:15:9" is no valid devfile | Mend what is imported, or refer to something else`,
      ],
    ],
    [
      "is newer",
      elsewhere,
      { [address]: BASE.replace("2.2.0", "2.3.0") },
      [
        `error parent-newer ${CHILD}:10:7 parent.id | Cannot merge "id: far, registryUrl: ${PUBLIC}, version: 2.0.0" into "${CHILD}": its schema version 2.3.0 is newer than 2.2.0 | Set schemaVersion of "${CHILD}" to 2.3.0`,
      ],
    ],
    [
      "has a parent that is not there",
      elsewhere,
      { [address]: `${BASE}parent: {uri: "${WEB}"}\n` },
      [
        `error parent-unknown ${CHILD}:10:7 parent.id | Cannot fetch "${WEB}" | Check the reference`,
      ],
    ],
    [
      "has a parent by a path, which nobody finds by its id",
      elsewhere,
      { [address]: `${BASE}parent: {uri: ../x.yaml}\n` },
      [
        `error parent-relative ${CHILD}:10:7 parent.id | Cannot resolve "parent" of "id: far, registryUrl: ${PUBLIC}, version: 2.0.0": "../x.yaml" is relative, and the devfile has no address | Use an absolute uri, or an id with its registryUrl`,
      ],
    ],
    [
      "is at a host that the Go generator does not take",
      'parent: {uri: "https://example.com/devfile.yaml"}\n',
      { "https://example.com/devfile.yaml": BASE },
      [
        `warning parent-host ${CHILD}:9:15 parent.uri | "uri: https://example.com/devfile.yaml" is at no git provider: the Go generator refuses it | Refer to it by id and registryUrl, or keep it at github.com, gitlab.com or bitbucket.org`,
      ],
    ],
  ])("tells of one that %s", async (_, rest, web, expected) => {
    const { found } = await child(rest, { web });
    expect(found).toEqual(expected);
  });

  test("fetches a file itself where a page of a git provider shows it", async () => {
    const page = "https://github.com/acme/base/blob/main/devfile.yaml";
    const { found, asked } = await child(`parent: {uri: "${page}"}\n`, { web: { [WEB]: BASE } });
    expect(found).toEqual([]);
    expect(asked).toEqual([WEB]);
  });
});

describe("generate() on plugins", () => {
  test("takes in what they bring, and refuses what two define", async () => {
    const plugins = `components:
  - name: one
    plugin: {id: base, registryUrl: ${PUBLIC}}
  - name: tools
    container: {image: example.com/own:1.0}
`;
    const files = { "stacks/base/devfile.yaml": BASE.replace("2.2.0", "2.0.0") };
    const { result } = await generateOld(plugins, files);
    expect(lines(result)).toEqual([
      `error merge-conflict ${CHILD}:12:11 components[1].name | Cannot merge components of "${CHILD}": "tools" is defined in its plugin "one" too | Override it below the reference to the parent or plugin, or give it another name`,
    ]);
    const { result: fine } = await generateOld(plugins.replace("name: tools", "name: own"), files);
    expect(lines(fine)).toEqual([]);
  });
});

async function generateOld(rest: string, files: Readonly<Record<string, string>>) {
  const text = devfileText({ name: "child", icon: "data:,x" }, rest).replace("2.2.0", "2.0.0");
  return { result: await generateFiles({ ...files, [CHILD]: text }) };
}
