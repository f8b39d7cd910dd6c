import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { devregBinary } from "../support/devreg.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { readTranscript } from "../support/transcript.ts";

setDefaultTimeout(120_000);

const PAGE = join(import.meta.dir, "../../docs/stack-authors.md");

test("what the page for stack authors shows is what happens", async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, "bin"));
  await symlink(devregBinary(), join(folder.path, "bin/devreg"));
  const env = {
    PATH: `${join(folder.path, "bin")}:${process.env["PATH"]}`,
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    ...{ GIT_AUTHOR_NAME: "You", GIT_AUTHOR_EMAIL: "you@example.com" },
    ...{ GIT_COMMITTER_NAME: "You", GIT_COMMITTER_EMAIL: "you@example.com" },
    ...{ GIT_AUTHOR_DATE: "2025-01-01T00:00:00Z", GIT_COMMITTER_DATE: "2025-01-01T00:00:00Z" },
  };
  let cwd = folder.path;
  const steps = readTranscript(await readFile(PAGE, "utf8"));
  expect(steps.length).toBeGreaterThan(20);
  for (const step of steps) {
    if (step.kind === "change") {
      let text = await readFile(join(cwd, step.file), "utf8");
      for (const { from, to } of step.hunks) {
        expect(text.split(from).length).toBe(2);
        text = text.replace(from, () => to);
      }
      await writeFile(join(cwd, step.file), text);
      continue;
    }
    const { command, exit, output } = step;
    const child = Bun.spawn(["sh", "-c", `${command}\n`], {
      cwd,
      env,
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, err, code] = await Promise.all([
      child.stdout.text(),
      child.stderr.text(),
      child.exited,
    ]);
    expect({ command, code, output: out + err }).toEqual({ command, code: exit, output });
    if (command.startsWith("cd ")) cwd = join(cwd, command.slice(3));
  }
});
