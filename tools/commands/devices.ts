/** `livlina devices`: which serial ports there are, what stands behind them and, when asked, what answers on them. */
import type { Command } from "commander";
import { listPorts, type PortFound, portText } from "../flash/ports.ts";
import { type Probed, probe } from "../flash/probe.ts";
import { UserError } from "../user-error.ts";

interface DevicesFlags {
  readonly all?: boolean;
  readonly probe?: boolean;
  readonly port?: string;
  readonly baud: string;
  readonly json?: boolean;
}

type Shown = PortFound & { readonly answers?: Probed };

export function register(program: Command): void {
  program
    .command("devices")
    .description("serial ports, what stands behind them and, when asked, what answers")
    .option("--probe", "ask each what it is: a unit by its service line, an Espruino by its console; stops nothing")
    .option("--port <path>", "this one, listed or not, such as a pseudo-terminal")
    .option("--baud <rate>", "at which it is asked", "115200")
    .option("--all", "also ports that no USB device stands behind")
    .option("--json", "one JSON array on stdout")
    .addHelpText("after", "\nExample:\n  livlina devices --probe\n")
    .action(devices);
}

async function devices(flags: DevicesFlags): Promise<void> {
  const baud = baudOf(flags.baud);
  const { ports, note } = await listPorts(flags.all === true || flags.port !== undefined);
  if (note !== "") process.stderr.write(`${note}\n`);
  const chosen =
    flags.port === undefined ? ports : [ports.find((each) => each.path === flags.port) ?? bare(flags.port)];
  const shown: Shown[] = [];
  for (const port of chosen) {
    // A modem is for its unit, and a debug probe speaks to debuggers: they are named and left alone.
    const asked = flags.probe === true && port.kind !== "modem" && port.kind !== "probe";
    shown.push(asked ? { ...port, answers: await probe(port.path, baud) } : port);
  }
  if (flags.json === true) process.stdout.write(`${JSON.stringify(shown)}\n`);
  else
    for (const each of shown)
      process.stdout.write(`${portText(each)}${each.answers === undefined ? "" : `: ${textOf(each.answers)}`}\n`);
  if (shown.length === 0) process.stderr.write("no USB serial port is here; --all shows the machine's own\n");
}

function baudOf(text: string): number {
  const baud = Number(text);
  if (/^\d{3,7}$/.test(text)) return baud;
  throw new UserError(`--baud ${text}: no rate of a serial line`, "--baud 115200", 2);
}

function bare(path: string): PortFound {
  return {
    path,
    serialNumber: "",
    vendor: "",
    product: "",
    socket: "",
    kind: "unknown",
    what: "not in the system's list",
  };
}

function textOf(answers: Probed): string {
  switch (answers.is) {
    case "unit":
      return `unit ${answers.unit}, firmware ${answers.version}`;
    case "espruino":
      return `${answers.target} with Espruino ${answers.engine}${answers.firmware === "" ? "" : `, firmware ${answers.firmware}`}`;
    case "silent":
      return "nothing answers";
    case "closed":
      return answers.why;
  }
}
