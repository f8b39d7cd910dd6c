import { describe, expect, test } from "bun:test";
import { defineCommand } from "../../src/cli/command.ts";
import { resolveConfig, suggest } from "../../src/cli/config.ts";
import {
  envTwin,
  flagName,
  listFlag,
  optionalFlag,
  switchFlag,
  valueFlag,
} from "../../src/cli/flag.ts";
import { choice, cidr, duration, host, listenAddress, text } from "../../src/cli/values.ts";
import { DevregError } from "../../src/errors.ts";

const command = defineCommand({
  name: "try",
  summary: "Try flags",
  operands: "[WHAT]",
  arity: { min: 0, max: 1 },
  flags: {
    output: valueFlag(text, { short: "o", placeholder: "DIR", default: "build", help: "where" }),
    noNetwork: switchFlag({ help: "offline" }),
    tlsVerify: switchFlag({ help: "check", default: true }),
    trustedProxies: listFlag(cidr, { placeholder: "CIDR", help: "who" }),
    poll: optionalFlag(duration, { placeholder: "DURATION", help: "how often" }),
    headless: switchFlag({ help: "no viewer", env: ["REGISTRY_HEADLESS"] }),
    format: valueFlag(choice(["text", "json"]), {
      placeholder: "text|json",
      default: "text",
      help: "form",
    }),
  },
  examples: [],
  run: async () => 0,
});

function resolve(argv: string[], env: Record<string, string> = {}) {
  return resolveConfig(command, argv, env);
}

function usageOf(argv: string[], env: Record<string, string> = {}): string {
  try {
    resolve(argv, env);
  } catch (error) {
    if (error instanceof DevregError && error.code === "USAGE") return error.message;
    throw error;
  }
  return "";
}

describe("resolveConfig()", () => {
  test("gives defaults when nothing is said", () => {
    expect(resolve([]).config).toEqual({
      output: "build",
      noNetwork: false,
      tlsVerify: true,
      trustedProxies: [],
      poll: undefined,
      headless: false,
      format: "text",
    });
  });

  test("reads long, short, joined and switched-off flags and operands in any order", () => {
    const { config, operands } = resolve([
      "here",
      "-o",
      "out",
      "--no-network",
      "--tls-verify=false",
      "--poll=1.5m",
    ]);
    expect(operands).toEqual(["here"]);
    expect(config).toMatchObject({
      output: "out",
      noNetwork: true,
      tlsVerify: false,
      poll: 90_000,
    });
  });

  test("takes what follows -- as operands", () => {
    expect(resolve(["--", "--force"]).operands).toEqual(["--force"]);
  });

  test("prefers the flag over its twin, the twin over an older name, and that over the default", () => {
    const env = { DEVREG_OUTPUT: "twin", REGISTRY_HEADLESS: "true" };
    expect(resolve(["-o", "flag"], env).config).toMatchObject({ output: "flag", headless: true });
    expect(resolve([], env).config).toMatchObject({ output: "twin" });
    expect(
      resolve([], { REGISTRY_HEADLESS: "true", DEVREG_HEADLESS: "false" }).config,
    ).toMatchObject({ headless: false });
  });

  test("repeats a list flag, and splits it at white space in the environment", () => {
    expect(
      resolve(["--trusted-proxies", "10.0.0.0/8", "--trusted-proxies=::1"]).config[
        "trustedProxies"
      ],
    ).toEqual(["10.0.0.0/8", "::1"]);
    expect(
      resolve([], { DEVREG_TRUSTED_PROXIES: " 10.0.0.0/8\n192.168.0.0/16 " }).config[
        "trustedProxies"
      ],
    ).toEqual(["10.0.0.0/8", "192.168.0.0/16"]);
  });

  test("treats an empty variable as not set", () => {
    expect(resolve([], { DEVREG_OUTPUT: "" }).config["output"]).toBe("build");
  });

  const rejected: readonly [string, string[], Record<string, string>, string][] = [
    ["an unknown flag with a near one", ["--no-netwrk"], {}, "did you mean --no-network?"],
    ["an unknown flag far from all", ["--zzzzzzzzzz"], {}, "unknown flag --zzzzzzzzzz"],
    ["an unknown short flag", ["-z"], {}, "unknown flag -z"],
    ["a value that is missing", ["--output"], {}, "--output needs a value: DIR"],
    ["a flag where a value belongs", ["--output", "--no-network"], {}, "--output needs a value"],
    ["a second operand", ["a", "b"], {}, 'unexpected argument "b"'],
    ["a bad duration", ["--poll", "5 minutes"], {}, '--poll: "5 minutes" is no duration'],
    ["a bad switch from the environment", [], { DEVREG_NO_NETWORK: "maybe" }, "DEVREG_NO_NETWORK"],
    [
      "a bad list item",
      ["--trusted-proxies", "house"],
      {},
      '--trusted-proxies: "house" is no network',
    ],
    ["a word outside the choice", ["--format", "xml"], {}, "--format: must be one of text, json"],
  ];
  for (const [what, argv, env, message] of rejected) {
    test(`rejects ${what}`, () => expect(usageOf(argv, env)).toContain(message));
  }

  test("lists every problem at once, by the name the user typed", () => {
    const message = usageOf(["--poll=x", "--bogus"], { DEVREG_FORMAT: "xml" });
    for (const part of ["--poll", "--bogus", "DEVREG_FORMAT"]) expect(message).toContain(part);
  });
});

describe("names", () => {
  test("a property gives its flag and its environment twin", () => {
    expect(flagName("metricsListen")).toBe("metrics-listen");
    expect(envTwin("metricsListen")).toBe("DEVREG_METRICS_LISTEN");
  });

  test("suggest() offers only what is near", () => {
    expect(suggest("generat", ["generate", "serve"])).toBe("generate");
    expect(suggest("x", ["generate", "serve"])).toBeUndefined();
    expect(suggest("x", [])).toBeUndefined();
  });
});

describe("host", () => {
  test.each([
    ["Auth.Example", "auth.example"],
    ["auth.example:443", "auth.example"],
    ["auth.example:8443", "auth.example:8443"],
    ["[::1]:5000", "[::1]:5000"],
  ])("reads %s", (raw, expected) => expect(host.parse(raw)).toBe(expected));
  test.each(["https://auth.example", "auth.example/path", "a b", ""])("rejects %p", (raw) => {
    expect(host.safeParse(raw).success).toBe(false);
  });
});

describe("listenAddress", () => {
  const good: readonly [string, { hostname: string; port: number }][] = [
    ["127.0.0.1:0", { hostname: "127.0.0.1", port: 0 }],
    [":8080", { hostname: "0.0.0.0", port: 8080 }],
    ["localhost:80", { hostname: "localhost", port: 80 }],
    ["[::1]:65535", { hostname: "::1", port: 65_535 }],
  ];
  for (const [raw, address] of good) {
    test(`reads ${raw}`, () => expect(listenAddress.parse(raw)).toEqual(address));
  }
  for (const raw of ["8080", "a:b", "::1:80", "x:70000", "http://x:80"]) {
    test(`rejects ${raw}`, () => expect(listenAddress.safeParse(raw).success).toBe(false));
  }
});
