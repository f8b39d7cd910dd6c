import { describe, expect, test } from "bun:test";
import { BuildOutputs, dockerfileImages, NO_RULES } from "../../../src/airgap/discover/index.ts";
import { utf8 } from "../../../src/bytes.ts";

const CONTEXT = { rules: NO_RULES, variables: new Map<string, string>() };

/** Gives "line:N class text → image", and proves that the ranges hold the texts. */
function found(text: string, passed: Readonly<Record<string, string>> = {}): string[] {
  const bytes = utf8(text);
  const outputs = new BuildOutputs(["app:1"]);
  const context = { ...CONTEXT, outputs, passed: new Map(Object.entries(passed)) };
  const { images } = dockerfileImages("Dockerfile", bytes, context);
  return images.map(({ occurrence }) => {
    const written = Buffer.from(bytes.subarray(...occurrence.range)).toString();
    expect(written.replace(/[\\`]\s*\n(?:\s*#.*\n)*/g, "")).toBe(occurrence.text);
    const { pointer, image, reason } = occurrence;
    return `${pointer} ${occurrence.class} ${occurrence.text} → ${image ?? reason}`;
  });
}

const lines = (...all: string[]) => `${all.join("\n")}\n`;

describe("images of a Dockerfile", () => {
  test("bases are found, with platforms, names and any case", () => {
    const text = lines(
      "# a comment",
      "FROM --platform=$BUILDPLATFORM quay.io/a/b:1 AS builder",
      "from c:2",
      'FROM "d:3" as last',
    );
    expect(found(text)).toEqual([
      "line:2 pull quay.io/a/b:1 → quay.io/a/b:1",
      "line:3 pull c:2 → docker.io/library/c:2",
      "line:4 pull d:3 → docker.io/library/d:3",
    ]);
  });

  test("stages and scratch are no images", () => {
    const text = lines(
      "FROM a:1 AS Build",
      "FROM build AS next",
      "FROM scratch",
      "COPY --from=build --chown=1 /x /y",
      "COPY --chown=1 --from=0 /x /y",
      "COPY --from=z:1 /x /y",
      "COPY --from=7 /x /y",
    );
    const stage = "a stage of the same Dockerfile";
    expect(found(text)).toEqual([
      "line:1 pull a:1 → docker.io/library/a:1",
      `line:2 ignored build → ${stage}`,
      "line:3 ignored scratch → scratch is no image",
      `line:4 ignored build → ${stage}`,
      `line:5 ignored 0 → ${stage}`,
      "line:6 pull z:1 → docker.io/library/z:1",
      "line:7 pull 7 → docker.io/library/7:latest",
    ]);
  });

  test("build arguments have their defaults, or what is passed", () => {
    const text = lines(
      'ARG HOST=quay.io VERSION="1.0"',
      "ARG NAME=$HOST/a/b",
      "ARG FLAVOUR",
      `FROM \${NAME}:$VERSION`,
      `FROM c:\${MORE:-2}\${VERSION:+-slim}`,
      `FROM d:\${FLAVOUR}`,
      "FROM e:$UNKNOWN",
      "ARG TOOLS=t:1",
      "COPY --from=$TOOLS /x /y",
    );
    expect(found(text)).toEqual([
      `line:4 pull \${NAME}:$VERSION → quay.io/a/b:1.0`,
      `line:5 pull c:\${MORE:-2}\${VERSION:+-slim} → docker.io/library/c:2-slim`,
      `line:6 templated d:\${FLAVOUR} → the build argument "FLAVOUR" has no value`,
      'line:7 templated e:$UNKNOWN → the build argument "UNKNOWN" has no value',
      "line:9 pull $TOOLS → docker.io/library/t:1",
    ]);
    expect(found(text, { FLAVOUR: "3", VERSION: "9" }).slice(0, 3)).toEqual([
      `line:4 pull \${NAME}:$VERSION → quay.io/a/b:9`,
      `line:5 pull c:\${MORE:-2}\${VERSION:+-slim} → docker.io/library/c:2-slim`,
      `line:6 pull d:\${FLAVOUR} → docker.io/library/d:3`,
    ]);
  });

  test("a stage chosen by platform is a stage", () => {
    const text = lines("FROM a:1 AS base-amd64", "FROM a:2 AS base-arm64", "FROM base-$TARGETARCH");
    expect(found(text).at(-1)).toBe(
      "line:3 ignored base-$TARGETARCH → a stage of the same Dockerfile",
    );
  });

  test("mounts, triggers and the frontend count", () => {
    const text = lines(
      "# syntax=docker/dockerfile:1.7",
      "# check=skip=all",
      "FROM a:1",
      "RUN --mount=type=cache,target=/c --mount=type=bind,from=b:2,target=/b make",
      "RUN --mount=from=c:3 make",
      "RUN echo --mount=from=d:4",
      "ONBUILD COPY --from=e:5 / /",
    );
    expect(found(text)).toEqual([
      "line:1 pull docker/dockerfile:1.7 → docker.io/docker/dockerfile:1.7",
      "line:3 pull a:1 → docker.io/library/a:1",
      "line:4 pull b:2 → docker.io/library/b:2",
      "line:5 pull c:3 → docker.io/library/c:3",
      "line:7 pull e:5 → docker.io/library/e:5",
    ]);
  });

  test("lines go on, over comments and empty lines too", () => {
    const text = lines(
      "FROM \\",
      "  # the base",
      "",
      "  --platform=linux/amd64 \\  ",
      "  a:\\",
      "1 AS x",
      "RUN echo \\\\",
      "FROM b:2",
    );
    expect(found(text)).toEqual([
      "line:1 pull a:1 → docker.io/library/a:1",
      "line:8 pull b:2 → docker.io/library/b:2",
    ]);
  });

  test("another escape character can be chosen", () => {
    const text = lines("# escape=`", "FROM `", "  a:1", "RUN dir c:\\", "FROM b:2");
    expect(found(text).map((line) => line.split(" → ")[0])).toEqual([
      "line:2 pull a:1",
      "line:5 pull b:2",
    ]);
  });

  test("what heredocs hold is no instruction; one that does not end is none", () => {
    const text = lines(
      "FROM a:1",
      "RUN <<EOF cat <<-'TWO'",
      "FROM no:1",
      "EOF",
      "FROM no:2",
      "\tTWO",
      "COPY <<open /x",
      "FROM b:2",
    );
    expect(found(text).map((line) => line.split(" → ")[0])).toEqual([
      "line:1 pull a:1",
      "line:8 pull b:2",
    ]);
  });

  test("Windows line ends and a byte order mark change nothing", () => {
    expect(found("\ufeff# syntax=s:1\r\nFROM a:1\r\nFROM a:2\r\n")).toEqual([
      "line:1 pull s:1 → docker.io/library/s:1",
      "line:2 pull a:1 → docker.io/library/a:1",
      "line:3 pull a:2 → docker.io/library/a:2",
    ]);
  });

  test("what the devfile builds is no base to pull", () => {
    expect(found("FROM docker.io/library/app:1\n")).toEqual([
      "line:1 build-output docker.io/library/app:1 → the devfile builds it",
    ]);
  });

  test("what is no reference is told of with its place", () => {
    const bytes = utf8("FROM a:1\n  FROM Bad/Name\n");
    const context = { ...CONTEXT, outputs: new BuildOutputs([]) };
    expect(dockerfileImages("d/Dockerfile", bytes, context).findings).toEqual([
      {
        severity: "error",
        rule: "image-reference",
        file: "d/Dockerfile",
        line: 2,
        column: 8,
        path: "line:2",
        message: 'Cannot read image "Bad/Name"',
        hint: "The form is [HOST[:PORT]/]NAME[:TAG][@DIGEST], the name in lower case",
      },
    ]);
  });

  test("a file that is not UTF-8, or too large, is told of", () => {
    const context = { ...CONTEXT, outputs: new BuildOutputs([]) };
    const read = (bytes: Uint8Array) => dockerfileImages("Dockerfile", bytes, context).findings;
    expect(read(Uint8Array.of(0x46, 0xff)).map(({ message }) => message)).toEqual([
      'Cannot find images in "Dockerfile": it is not UTF-8',
    ]);
    expect(read(new Uint8Array(2 ** 20 + 1)).map(({ rule }) => rule)).toEqual(["images-not-read"]);
  });
});
