/** All commands as data, read from the commands themselves: for completion, the reference and its tests. */
import { Command } from "commander";
import { commandTable } from "../command-table.ts";

export interface CommandFlag {
  /** "--seed", or "-s" where there is no long one. */
  readonly name: string;
  /** As the help has it: "--seed <n>". */
  readonly flags: string;
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

export interface CommandNode {
  /** "sim run". */
  readonly path: string;
  readonly group: string;
  readonly description: string;
  /** "<files...>", "" where it takes none. */
  readonly takes: string;
  readonly flags: readonly CommandFlag[];
  /** Names of the commands below it. */
  readonly below: readonly string[];
}

/** Every command and every command below one, in the order of the table. Loads all of their files. */
export async function commandTree(): Promise<CommandNode[]> {
  const nodes: CommandNode[] = [];
  for (const entry of commandTable) {
    const program = new Command();
    await entry.load(program);
    for (const command of program.commands) addNode(nodes, command, entry.group, command.name());
  }
  return nodes;
}

function addNode(nodes: CommandNode[], command: Command, group: string, path: string): void {
  const takes = command.registeredArguments.map((each) => {
    const name = `${each.name()}${each.variadic ? "..." : ""}`;
    return each.required ? `<${name}>` : `[${name}]`;
  });
  nodes.push({
    path,
    group,
    description: command.description(),
    takes: takes.join(" "),
    flags: command.options.map((option) => ({
      name: option.long ?? option.short ?? "",
      flags: option.flags,
      description: option.description,
      takesValue: option.required || option.optional,
      choices: option.argChoices ?? [],
    })),
    below: command.commands.map((each) => each.name()),
  });
  for (const each of command.commands) addNode(nodes, each, group, `${path} ${each.name()}`);
}
