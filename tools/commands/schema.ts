/** `livlina schema COMMAND`: the JSON Schema of what a command prints with `--json`, for whoever reads it by program. */
import type { Command } from "commander";
import { z } from "zod";
import { resultJsonSchema } from "../../simulator/report/result-schema.ts";
import { nearest } from "../../simulator/scenario/scenario-units.ts";
import type { Answers } from "../answers/answer.ts";
import { commandTable } from "../command-table.ts";
import { UserError } from "../user-error.ts";

/** In the folder of every run. */
const reportFile = "report.json";

export function register(program: Command): void {
  program
    .command("schema [command...]")
    .description("the JSON Schema of what a command prints with --json; without a command: which have one")
    .addHelpText("after", help)
    .action(schema);
}

const help = `
A command that prints many objects prints one a line: the schema is of each.
Elsewhere: sim schema (scenario files), decode schema, config schema (settings,
plans, records). schema report.json is of that file of a run.

Example:
  livlina schema sim run > answer.schema.json
`;

async function schema(words: readonly string[]): Promise<void> {
  const answers = await allAnswers();
  const path = words.join(" ");
  const found = answers[path];
  const known = [...Object.keys(answers), reportFile];
  if (path === "") process.stdout.write(`${known.join("\n")}\n`);
  else if (found !== undefined || path === reportFile) {
    const shown = found === undefined ? resultJsonSchema() : jsonSchemaOf(path, found);
    process.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
  } else throw unknownAnswer(path, known);
}

/** Of every command that has one. */
export async function allAnswers(): Promise<Answers> {
  const parts = await Promise.all(commandTable.map((entry) => entry.answers?.() ?? {}));
  return Object.assign({}, ...parts) as Answers;
}

function jsonSchemaOf(path: string, answer: z.ZodType): object {
  const { $schema, ...rest } = z.toJSONSchema(answer);
  return { $schema, title: `livlina ${path} --json`, ...rest };
}

function unknownAnswer(path: string, known: readonly string[]): UserError {
  const near = nearest(path, known);
  const hint = near === undefined ? "livlina schema names them" : `livlina schema ${near}`;
  return new UserError(`there is no schema of what ${path} prints`, hint, 2);
}
