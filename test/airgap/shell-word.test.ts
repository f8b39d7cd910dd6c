import { expect, test } from "bun:test";
import { shellWord } from "../../src/airgap/shell-word.ts";

test.each([
  "plain",
  "https://a.example:8080/x_y",
  "",
  "a b",
  "it's",
  "$(id)`id`;&|<>\n*~#\\!",
  "''",
])("shellWord() lets a shell read %j as it stands", (word) => {
  const read = Bun.spawnSync(["sh", "-c", `printf %s ${shellWord(word)}`]);
  expect(read.stdout.toString()).toBe(word);
});
