import { COMPOSITE_STEPS } from "../../../check-limits.ts";
import type { Command } from "./command.ts";
import { goLowerCase } from "./go-text.ts";
import type { PlacedText } from "./placed-text.ts";

/** A place at which composite commands do not come to an end. */
export interface Circle {
  /** The name that leads back. */
  readonly name: PlacedText;
  /** The command that it leads back to, or whose list it stands in. */
  readonly owner: Command;
  readonly why: "self" | "circle" | "capitals" | "steps";
}

type CommandsById = ReadonlyMap<string, Command>;

/** Finds the names by which composite commands run themselves, each once. */
export function findCircles(commands: readonly Command[], byId: CommandsById): readonly Circle[] {
  const circles = findTrueCircles(commands, byId);
  const names = commands.flatMap((command) => command.commands);
  const inCapitals = names.some(({ text }) => goLowerCase(text) !== text);
  // Without capitals nothing else counts, and each command is looked at once only.
  return circles.length > 0 || !inCapitals ? circles : findForgotten(commands, byId);
}

/** Walks each command once: a name whose command is still being walked leads back to it. */
function findTrueCircles(commands: readonly Command[], byId: CommandsById): readonly Circle[] {
  const state = new Map<Command, "open" | "done">();
  const circles: Circle[] = [];
  const walk = (first: Command) => {
    const path = [{ command: first, next: 0 }];
    state.set(first, "open");
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const { command } = step;
      const name = command.commands[step.next];
      step.next += 1;
      const target = name && byId.get(goLowerCase(name.text));
      if (name === undefined) {
        state.set(command, "done");
        path.pop();
      } else if (target !== undefined && state.get(target) === "open") {
        circles.push({ name, owner: target, why: target === command ? "self" : "circle" });
      } else if (target?.kind === "composite" && !state.has(target)) {
        state.set(target, "open");
        path.push({ command: target, next: 0 });
      }
    }
  };
  for (const command of commands) {
    if (command.kind === "composite" && !state.has(command)) walk(command);
  }
  return circles;
}

/** Walks as the library does: what was named in capitals stays marked as being walked. */
function findForgotten(commands: readonly Command[], byId: CommandsById): readonly Circle[] {
  const found = new Map<PlacedText, Circle>();
  const budget = { steps: COMPOSITE_STEPS };
  for (const command of commands) {
    const circle = command.kind === "composite" ? walkAll(command, byId, budget) : undefined;
    if (circle !== undefined) found.set(circle.name, circle);
    if (circle?.why === "steps") break;
  }
  return [...found.values()];
}

function walkAll(
  first: Command,
  byId: CommandsById,
  budget: { steps: number },
): Circle | undefined {
  const open = new Set([idOf(first)]);
  const path = [{ command: first, next: 0 }];
  for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
    const { command } = step;
    const name = command.commands[step.next];
    step.next += 1;
    if (name === undefined) {
      path.pop();
      const parent = path.at(-1);
      // Parity: taken back by the name as it is written, which in capitals takes back nothing.
      open.delete(parent?.command.commands[parent.next - 1]?.text ?? "");
      continue;
    }
    budget.steps -= 1;
    if (budget.steps < 0) return { name, owner: command, why: "steps" };
    const id = goLowerCase(name.text);
    if (open.has(id)) return { name, owner: command, why: "capitals" };
    const target = byId.get(id);
    if (target?.kind !== "composite") continue;
    open.add(idOf(target));
    path.push({ command: target, next: 0 });
  }
  return undefined;
}

function idOf({ id }: Command): string {
  return goLowerCase(id?.text ?? "");
}
