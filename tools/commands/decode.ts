/** `livlina decode`: what the bytes of a message say, for people as lines with offsets and for programs as JSON. */
import { Argument, type Command, Option } from "commander";
import { type Fault, faultText, type Result } from "../../protocol/result.ts";
import { readBody } from "../../simulator/peers/receiver-intake.ts";
import { dialectNamed, dialects, reportAt } from "../decode/at.ts";
import { reportConsole } from "../decode/console.ts";
import { hexBytes, readInput } from "../decode/input.ts";
import { reportRadio } from "../decode/radio.ts";
import { type Report, reportText } from "../decode/report.ts";
import { reportScaip } from "../decode/scaip.ts";
import { decodeJsonSchema, schemaKinds } from "../decode/schemas.ts";
import { reportSip } from "../decode/sip.ts";
import { UserError } from "../user-error.ts";

interface DecodeOptions {
  readonly hex?: boolean;
  readonly json?: boolean;
  readonly key?: string;
  readonly dialect?: string;
}

interface Kind {
  readonly name: string;
  readonly summary: string;
  /** What --json prints, for the help. */
  readonly shape: string;
  readonly example: string;
  readonly report: (bytes: Uint8Array, options: DecodeOptions) => Result<Report>;
  /** What to try where the bytes are not valid. */
  readonly hint: (fault: Fault, bytes: Uint8Array) => string;
}

const kinds: readonly Kind[] = [
  {
    name: "scaip",
    summary: "an alarm request (mrq) or its response (mrs)",
    shape:
      "the elements by tag, codes as numbers, crd and tnu as lists, lge as an object;\n  an mrq has cid, dty and mty (ME where it is left out), an mrs has snu",
    example: "livlina decode scaip alarm.xml",
    report: (bytes) => reportScaip(bytes),
    hint: (_fault, bytes) => `${answerTo(bytes)}; livlina encode scaip writes valid ones`,
  },
  {
    name: "sip",
    summary: "one SIP message, and its SCAIP body",
    shape:
      "kind (request, response), method and uri or status and reason, via, from, to, callId, cseq,\n  cseqMethod, contentType, headers, body (bodyHex where it is not UTF-8), scaip where the body is that",
    example: "livlina decode sip message.bin --json",
    report: (bytes) => reportSip(bytes),
    hint: () => "SIP lines end with CR LF, and an empty line stands before the body",
  },
  {
    name: "radio",
    summary: "one frame between a button or accessory and its unit",
    shape:
      "type, direction, address, counter, tag, proven, then sealed (hexadecimal) or with --key message;\n  of pairing frames random, person, reason, proof",
    example: "livlina decode radio --hex 3100000001... --key 000102...0f",
    report: (bytes, { key }) => reportRadio(bytes, key === undefined ? undefined : keyOf(key)),
    hint: (fault) =>
      fault.kind === "not-authentic"
        ? "the pair key for sealed frames, the device's factory key for pairing requests"
        : "the frame alone, from its type byte on, without preamble and radio CRC",
  },
  {
    name: "at",
    summary: "a recorded talk with a modem",
    shape: "dialect, and lines: at (byte offset), kind (command, result, fact, data, other), text, ok, fact, length",
    example: "livlina decode at modem.log --dialect quectel",
    report: (bytes, { dialect }) => reportAt(bytes, dialectNamed(dialect)),
    hint: () => "the bytes of the serial line as they were, and another --dialect for another modem",
  },
  {
    name: "console",
    summary: "recorded lines of a unit's service line",
    shape: "lines: at (byte offset), speaker, sequence, atMs, message",
    example: "livlina decode console service.log",
    report: (bytes) => reportConsole(bytes),
    hint: () => "whole lines only, from their mark ? or ! to their checksum",
  },
];

export function register(program: Command): void {
  const decode = program
    .command("decode")
    .description("what the bytes of a message say: scaip, sip, radio, at, console; schema");
  decode.addHelpText("after", "\nExample:\n  livlina decode scaip alarm.xml\n");
  for (const kind of kinds) {
    const command = decode
      .command(`${kind.name} [file]`)
      .description(kind.summary)
      .option("--hex", "the input is hexadecimal text; it may stand in place of the file")
      .option("--json", "the values as one JSON object on stdout");
    if (kind.name === "radio") command.option("--key <hex>", "16 bytes: the pair key, or the factory key for pairing");
    if (kind.name === "at")
      command.addOption(
        new Option("--dialect <name>", "whose words the modem speaks")
          .choices(dialects.map(({ name }) => name))
          .default("quectel"),
      );
    command
      .addHelpText("after", "\nWithout a file, or with -, the input is stdin. Exit code 1 where it is not valid.")
      .addHelpText("after", `\n--json prints ${kind.shape}.`)
      .addHelpText("after", "Where it is not valid: valid (false), at (byte offset), reason, fault.")
      .addHelpText("after", `\`livlina decode schema ${kind.name}\` prints the JSON Schema of both.`)
      .addHelpText("after", `\nExample:\n  ${kind.example}\n`)
      .action((file: string | undefined, options: DecodeOptions) => decodeInput(kind, file, options));
  }
  registerSchema(decode);
}

function registerSchema(decode: Command): void {
  decode
    .command("schema")
    .description("the JSON Schema of what --json prints")
    .addArgument(new Argument("<kind>", "of which message").choices(schemaKinds))
    .addHelpText("after", "\nExample:\n  livlina decode schema scaip > scaip.schema.json\n")
    .action((kind: string) => {
      process.stdout.write(`${JSON.stringify(decodeJsonSchema(kind), null, 2)}\n`);
    });
}

async function decodeInput(kind: Kind, file: string | undefined, options: DecodeOptions): Promise<void> {
  const { name, bytes } = await readInput(file, options.hex === true, process.stdin);
  const report = kind.report(bytes, options);
  if (!report.ok) {
    const { fault } = report;
    const reason = faultText(fault);
    if (options.json === true)
      process.stdout.write(`${JSON.stringify({ valid: false, at: fault.at, reason, fault })}\n`);
    throw new UserError(`${name}: ${reason}`, kind.hint(fault, bytes), 1);
  }
  process.stdout.write(
    options.json === true ? `${JSON.stringify(report.value.values)}\n` : reportText(report.value.lines),
  );
}

/** What the other side makes of a document that is refused. */
function answerTo(bytes: Uint8Array): string {
  if (Buffer.from(bytes).includes("<mrs")) return "a unit would pass over this response and wait on";
  const intake = readBody(bytes);
  return intake.type === "refused"
    ? `a receiver would answer snu ${intake.snu}`
    : "a receiver would answer SIP 400: no ref is to be found";
}

function keyOf(text: string): Uint8Array {
  const key = hexBytes(text);
  if (key.length === 16) return key;
  throw new UserError(`a key of ${key.length} bytes`, "--key with 16 bytes: 32 hexadecimal digits", 2);
}
