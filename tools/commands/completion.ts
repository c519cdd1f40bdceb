/** `livlina completion SHELL`: a script that lets a shell finish what is typed. */
import { Argument, type Command } from "commander";
import { commandTree } from "../help/command-tree.ts";
import { completionScript, type Shell, shells } from "../help/completions.ts";
import { shippedScenarios } from "../shipped-scenarios.ts";

export function register(program: Command): void {
  program
    .command("completion")
    .description("a script that lets a shell finish commands, flags and names of scenarios")
    .addArgument(new Argument("<shell>", "for which shell").choices(shells))
    .addHelpText("after", help)
    .action(completion);
}

const help = `
Examples:
  livlina completion bash >> ~/.bash_completion
  livlina completion zsh > ~/.zfunc/_livlina
  livlina completion fish > ~/.config/fish/completions/livlina.fish
`;

async function completion(shell: Shell): Promise<void> {
  const scenarios = shippedScenarios().map(({ name }) => name);
  process.stdout.write(completionScript(shell, await commandTree(), scenarios));
}
