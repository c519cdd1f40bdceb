/**
 * Finds the command, loads its file alone, and turns what happens into an exit code: 0 done, 1 expectation or check failed,
 * 2 wrong usage or bad input file, 3 environment, 4 refused for safety. A mistake of ours keeps its stack.
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { nearest } from "../simulator/scenario/scenario-units.ts";
import { commandTable } from "./command-table.ts";
import { fitHelp } from "./help/fit-help.ts";
import { UserError } from "./user-error.ts";

/** Runs one command line (without node and script) and answers the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    if (args[0] === "help" && args[1] !== undefined) mustBeCommand(args[1]);
    const program = await buildProgram(args[0] === "help" ? args[1] : args.find((arg) => !arg.startsWith("-")));
    await program.parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (thrown) {
    return exitCodeOf(thrown);
  }
}

/** Commander shows all of the help instead. */
function mustBeCommand(name: string): void {
  const names = commandTable.flatMap((entry) => entry.names);
  if (names.includes(name)) return;
  const near = nearest(name, names);
  const hint = near === undefined ? "livlina --help" : `livlina help ${near}`;
  throw new UserError(`there is no command ${name}`, hint, 2);
}

/** Says what was wrong and what to try. Throws on what is a mistake of ours. */
export function exitCodeOf(thrown: unknown): number {
  // Commander has already said what was wrong; help and version come this way too, with 0.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  if (!(thrown instanceof UserError)) throw thrown;
  process.stderr.write(`${printable(thrown.message)}\n  try: ${printable(thrown.hint)}\n`);
  return thrown.exitCode;
}

/** What stood in a file may stand in an error, and must not steer the terminal. */
function printable(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, "\ufffd");
}

/** Commander names the near ones of commands and flags; so do we for what a flag or an argument may say. */
function withNearest(text: string): string {
  const [, said = "", choices = ""] = /'([^']*)' is invalid.* Allowed choices are (.*)\.\n/.exec(text) ?? [];
  const near = nearest(said, choices.split(", "));
  return near === undefined || choices === "" ? text : `${text}(Did you mean ${near}?)\n`;
}

/** The whole tree for help and suggestions, but only the wanted command's own file. */
async function buildProgram(wanted: string | undefined): Promise<Command> {
  const program = new Command("livlina")
    .description(
      "Firmware and simulator for Swedish social-care alarm units. One press reaches somebody who has accepted it.",
    )
    .version(packageVersion(), "-V, --version")
    .addHelpCommand(new Command("help").argument("[command]").description("help for one command").helpGroup("Help:"))
    .showHelpAfterError("  try: livlina --help")
    .configureOutput({
      outputError: (text, write) => write(printable(withNearest(text))),
      writeOut: (text) => process.stdout.write(fitHelp(text, helpWidth())),
    })
    .exitOverride();
  for (const entry of commandTable) {
    program.commandsGroup(`${entry.group}:`);
    if (entry.names.some((name) => name === wanted)) await entry.load(program);
    else for (const name of entry.names) program.command(name).description(entry.summary(name));
  }
  program.addHelpText(
    "after",
    "\nExamples:\n  livlina sim list\n  livlina sim run staffanstorp-server-fault\n\nExit codes: livlina explain exit\n",
  );
  inherit(program);
  return program;
}

/** Errors leave by exception from every depth, and unknown options name the near ones. */
function inherit(command: Command): void {
  for (const each of command.commands) {
    each.exitOverride().configureOutput(command.configureOutput());
    each.showHelpAfterError(`  try: livlina ${pathOf(each)} --help`);
    inherit(each);
  }
}

function pathOf(command: Command): string {
  const parent = command.parent;
  return parent === null || parent.parent === null ? command.name() : `${pathOf(parent)} ${command.name()}`;
}

function helpWidth(): number {
  return Math.max(80, process.stdout.columns ?? 80);
}

function packageVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
