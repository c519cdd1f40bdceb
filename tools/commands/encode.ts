/** `livlina encode`: values as JSON to the bytes of a message. */
import type { Command } from "commander";
import { readInput } from "../decode/input.ts";
import { encodeScaip, WrongValueError } from "../decode/scaip-values.ts";
import { UserError } from "../user-error.ts";

export function register(program: Command): void {
  const encode = program.command("encode").description("values to the bytes of a message: scaip");
  encode.addHelpText("after", "\nExample:\n  livlina encode scaip alarm.json\n");
  encode
    .command("scaip [file]")
    .description("an alarm request (mrq), or with snu a response (mrs)")
    .addHelpText("after", "\nWithout a file, or with -, the input is stdin: one JSON object with the elements by tag,")
    .addHelpText("after", "codes as numbers, crd and tnu as lists, lge as an object, as livlina decode scaip --json")
    .addHelpText("after", "prints it. The bytes go to stdout, without a line end.")
    .addHelpText("after", "\nExample:\n  livlina encode scaip alarm.json\n")
    .action(encodeInput);
}

async function encodeInput(file: string | undefined): Promise<void> {
  const { name, bytes } = await readInput(file, false, process.stdin);
  try {
    process.stdout.write(encodeScaip(valuesIn(name, bytes)));
  } catch (thrown) {
    if (!(thrown instanceof WrongValueError)) throw thrown;
    throw new UserError(`${name}: ${thrown.message}`, thrown.allowed, 2);
  }
}

function valuesIn(name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch (thrown) {
    throw new UserError(
      `${name}: ${(thrown as Error).message}`,
      'an object such as {"ref":"A1","cid":"46","dty":3}',
      2,
    );
  }
}
