import { z } from "zod";

/** What a flag's row in its command's table says; help, environment twin and check come from it. */
export interface Flag<Value = unknown> {
  /** switch: present or `=false`; value: one; list: repeatable. */
  readonly kind: "switch" | "value" | "list";
  readonly help: string;
  /** One letter for `-o`. */
  readonly short?: string;
  /** What stands for the value in help: "DIR". */
  readonly placeholder?: string;
  /** Older environment names, after the twin DEVREG_<FLAG>. */
  readonly env?: readonly string[];
  /** Its value is never shown. */
  readonly secret?: boolean;
  /** The default as help shows it. */
  readonly shown?: string;
  /** Turns the raw text (or texts, or absence) into the value. */
  readonly schema: z.ZodType<Value>;
}

/** A command's flags by property name; `metricsListen` is typed `--metrics-listen`. */
export type Flags = Readonly<Record<string, Flag>>;

/** The checked values of a table of flags. */
export type FlagValues<F extends Flags> = {
  readonly [Name in keyof F]: F[Name] extends Flag<infer Value> ? Value : never;
};

interface Row {
  readonly help: string;
  readonly short?: string;
  readonly env?: readonly string[];
  readonly secret?: boolean;
}

const TRUE = /^(1|t|true|yes|on)$/i;
const FALSE = /^(0|f|false|no|off|)$/i;

const switchText = z.string().transform((text, context) => {
  if (TRUE.test(text)) return true;
  if (FALSE.test(text)) return false;
  context.addIssue({ code: "custom", message: `"${text}" is neither true nor false` });
  return z.NEVER;
});

/** Makes a flag that is there or not. */
export function switchFlag(row: Row & { readonly default?: boolean }): Flag<boolean> {
  const preset = row.default ?? false;
  const { default: _, ...rest } = row;
  const schema = z.union([switchText, z.undefined().transform(() => preset)]);
  return { kind: "switch", ...rest, ...(preset ? { shown: "true" } : {}), schema };
}

/** Makes a flag with one value that may be absent. */
export function optionalFlag<Value>(
  schema: z.ZodType<Value, string>,
  row: Row & { readonly placeholder: string },
): Flag<Value | undefined> {
  return { kind: "value", ...row, schema: schema.optional() };
}

/** Makes a flag with one value and a default, written as the user would type it. */
export function valueFlag<Value>(
  schema: z.ZodType<Value, string>,
  row: Row & { readonly placeholder: string; readonly default: string },
): Flag<Value> {
  const { default: preset, ...rest } = row;
  return {
    kind: "value",
    ...rest,
    shown: preset,
    schema: z.preprocess((raw) => raw ?? preset, schema),
  };
}

/** Makes a repeatable flag; in the environment its values are separated by white space. */
export function listFlag<Value>(
  schema: z.ZodType<Value, string>,
  row: Row & { readonly placeholder: string },
): Flag<readonly Value[]> {
  return { kind: "list", ...row, schema: z.preprocess((raw) => raw ?? [], z.array(schema)) };
}

/** Gives the name a flag is typed with, without dashes: metricsListen → metrics-listen. */
export function flagName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Gives the environment twin of a flag: metricsListen → DEVREG_METRICS_LISTEN. */
export function envTwin(property: string): string {
  return `DEVREG_${flagName(property).replaceAll("-", "_").toUpperCase()}`;
}
