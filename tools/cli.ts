/**
 * Finds the command, loads its file alone, and turns what happens into an exit code: 0 done, 1 expectation or check failed,
 * 2 wrong usage or bad input file, 3 environment, 4 refused for safety. A mistake of ours keeps its stack.
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { commandTable } from "./command-table.ts";
import { UserError } from "./user-error.ts";

/** Runs one command line (without node and script) and answers the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const program = await buildProgram(args[0] === "help" ? args[1] : args.find((arg) => !arg.startsWith("-")));
    await program.parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (thrown) {
    return exitCodeOf(thrown);
  }
}

function exitCodeOf(thrown: unknown): number {
  // Commander has already said what was wrong; help and version come this way too, with 0.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  if (!(thrown instanceof UserError)) throw thrown;
  process.stderr.write(`${thrown.message}\n  try: ${thrown.hint}\n`);
  return thrown.exitCode;
}

/** The whole tree for help and suggestions, but only the wanted command's own file. */
async function buildProgram(wanted: string | undefined): Promise<Command> {
  const program = new Command("livlina")
    .description(
      "Firmware and simulator for Swedish social-care alarm units. One press reaches somebody who has accepted it.",
    )
    .version(packageVersion(), "-V, --version")
    .helpCommand("help [command]", "help for one command")
    .showHelpAfterError("\n  try: livlina --help")
    .exitOverride();
  for (const entry of commandTable) {
    program.commandsGroup(`${entry.group}:`);
    if (entry.names.some((name) => name === wanted)) await entry.load(program);
    else for (const name of entry.names) program.command(name).description(entry.summary(name));
  }
  program.addHelpText("after", "\nExamples:\n  livlina sim list\n  livlina sim run staffanstorp-server-fault\n");
  inherit(program);
  return program;
}

/** Errors leave by exception from every depth, and unknown options name the near ones. */
function inherit(command: Command): void {
  for (const each of command.commands) {
    each.exitOverride();
    each.showHelpAfterError(`\n  try: livlina ${pathOf(each)} --help`);
    inherit(each);
  }
}

function pathOf(command: Command): string {
  const parent = command.parent;
  return parent === null || parent.parent === null ? command.name() : `${pathOf(parent)} ${command.name()}`;
}

function packageVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
