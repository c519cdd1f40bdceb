/** `livlina doctor`: what is installed of what Livlina uses, what is missing, and how to get it. */
import type { Command } from "commander";
import { examineMachine, type Finding } from "../help/machine.ts";
import { painter } from "../progress.ts";
import { UserError } from "../user-error.ts";

export function register(program: Command): void {
  program
    .command("doctor")
    .description("what is installed of what livlina uses, what is missing, and how to get it")
    .option("--json", "all findings as one JSON array on stdout")
    .addHelpText(
      "after",
      "\nExit code 3 where something is missing that nothing works without.\n\nExample:\n  livlina doctor\n",
    )
    .action(doctor);
}

async function doctor({ json }: { readonly json?: boolean }): Promise<void> {
  const findings = await examineMachine();
  process.stdout.write(json === true ? `${JSON.stringify(findings)}\n` : findingsText(findings));
  const [missing] = findings.filter(({ here, needed }) => needed && !here);
  if (missing !== undefined)
    throw new UserError(`${missing.name}: missing, and ${missing.use} needs it`, missing.get, 3);
}

/** No line is wider than 80 columns, long versions apart. */
export function findingsText(findings: readonly Finding[], paint = painter(process.stdout)): string {
  return findings
    .map(({ name, here, needed, use, found, get }) => {
      if (here) return `${paint("green", "here   ")}  ${name.padEnd(17)} ${found.padEnd(14)} ${use}\n`;
      const word = needed ? paint("red", "MISSING") : paint("dim", "missing");
      return `${word}  ${name.padEnd(17)} ${use}\n${" ".repeat(9)}get it: ${get}\n`;
    })
    .join("");
}
