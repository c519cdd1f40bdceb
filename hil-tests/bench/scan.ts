/**
 * Writes a bench file from what is plugged in: each port is asked what it is, and whoever stands there is asked what no wire can tell.
 * Boards that are equal are never guessed apart: they are named by their sockets, and somebody says which is which.
 */
import { stringify } from "yaml";
import { boardNames } from "../../tools/boards.ts";
import { listPorts, type PortFound, type PortSources } from "../../tools/flash/ports.ts";
import { type Probed, probe } from "../../tools/flash/probe.ts";
import type { Desk } from "../../tools/provision/desk.ts";
import { UserError } from "../../tools/user-error.ts";
import { type BenchEntries, benchSchema } from "./bench-schema.ts";

export interface ScanOptions {
  /** Of the bench. */
  readonly name: string;
  /** Whoever stands before it. */
  readonly desk: Desk;
  /** The system unless said. */
  readonly ports?: PortSources | undefined;
  /** How a port is asked what it is; `livlina devices --probe` unless said. */
  readonly ask?: ((path: string) => Promise<Probed>) | undefined;
}

type DeviceEntry = BenchEntries["devices"][number];
type Draft = { -readonly [K in keyof BenchEntries]?: BenchEntries[K] };

const answers = ["unit", "button", "rig", "relay", "supply", "nothing"] as const;
const triesLimit = 5;
const baud = 115_200;

const head = `# yaml-language-server: $schema=bench.schema.json
# Written by \`livlina hil benches scan\`; the words stand in bench.schema.json, the wiring in hil-tests/README.md.
`;

/** The text of the file. Rejects with UserError: 2 where an answer makes no sense, 3 where nothing is plugged in or nobody answers. */
export async function scanBench(options: ScanOptions): Promise<string> {
  const scan = new Scan(options);
  const draft = await scan.run();
  return head + stringify(benchSchema.parse(draft), { lineWidth: 120 });
}

class Scan {
  private readonly options: ScanOptions;
  private readonly devices: DeviceEntry[];
  private readonly actuators: NonNullable<BenchEntries["actuators"]>[number][];
  private modem: BenchEntries["modem"];

  constructor(options: ScanOptions) {
    this.options = options;
    this.devices = [];
    this.actuators = [];
    this.modem = undefined;
  }

  async run(): Promise<Draft> {
    const { name, desk, ports: sources, ask = (path) => probe(path, baud) } = this.options;
    const { ports, note } = sources === undefined ? await listPorts(false) : await listPorts(false, sources);
    if (note !== "") desk.say(note);
    if (ports.length === 0)
      throw new UserError(
        "no USB serial port is plugged in",
        "plug the boards in; livlina devices shows what is seen",
        3,
      );
    for (const port of ports) {
      const equals = ports.filter((other) => other.serialNumber === port.serialNumber && isSameMake(other, port));
      if (equals.length > 1) this.tellEquals(port, equals);
      if (port.kind === "probe") desk.say(`${shown(port)}: a debug probe, left alone`);
      else if (port.kind === "modem") await this.addModem(port, equals.length > 1);
      else await this.addBoard(port, await ask(port.path), equals.length > 1);
    }
    if (this.devices.length === 0)
      throw new UserError("no device is on the bench", "name at least one unit, button or rig board", 2);
    await this.addByHand();
    return {
      name,
      devices: this.devices,
      actuators: this.actuators,
      receivers: [{ name: "first", uri: "sip:first@bench.example.net", listen: "udp:127.0.0.1:5060" }],
      ...(this.modem === undefined ? {} : { modem: this.modem }),
      allow: [],
    };
  }

  private tellEquals(port: PortFound, equals: readonly PortFound[]): void {
    const sockets = equals.map(({ socket }) => (socket === "" ? "an unknown socket" : socket)).join(", ");
    this.options.desk.say(
      `${equals.length} boards are equal (${port.what}), at ${sockets}; this one is at ${port.socket}`,
    );
    if (port.socket === "" || equals.filter(({ socket }) => socket === port.socket).length > 1)
      throw new UserError(
        `${shown(port)}: another one is equal to it, and no socket tells them apart`,
        "plug one of them in at another time, or give them serial numbers (ftdi_eeprom, cp210x-cfg)",
        2,
      );
  }

  private async addModem(port: PortFound, areEqual: boolean): Promise<void> {
    const { desk } = this.options;
    desk.say(`${shown(port)}: a modem; one with several ports speaks AT on one of them`);
    if (this.modem !== undefined || !(await this.isYes("Is this the AT port of the bench's own modem?"))) return;
    const number = await this.answer("Its number with its country's, such as +46700000002:", (text) =>
      /^\+\d{4,15}$/.test(text),
    );
    this.modem = { usb: usbOf(port, areEqual), number };
  }

  private async addBoard(port: PortFound, found: Probed, areEqual: boolean): Promise<void> {
    const { desk } = this.options;
    desk.say(`${shown(port)}: ${probedText(found)}`);
    const guess = found.is === "unit" ? "unit" : found.is === "espruino" ? "button or rig" : "relay";
    const what = await this.answer(`What is it? ${answers.join(", ")} (it looks like ${guess}):`, (text) =>
      (answers as readonly string[]).includes(text),
    );
    if (what === "nothing") return;
    if (what === "relay" || what === "supply") return this.addSwitch(port, what, areEqual);
    const role = what as DeviceEntry["role"];
    const boards = boardNames();
    const board = await this.answer(`Which board? ${boards.join(", ")}:`, (text) => boards.includes(text));
    const count = this.devices.filter((each) => each.role === role).length;
    this.devices.push({ name: `${role}-${count + 1}`, role, board, usb: usbOf(port, areEqual) });
  }

  private async addSwitch(port: PortFound, what: "relay" | "supply", areEqual: boolean): Promise<void> {
    const usb = usbOf(port, areEqual);
    const moves = ["mains", "battery", "press", "network", "sim"] as const;
    for (let channel = 1; ; channel++) {
      const text = await this.answer(
        `What does channel ${channel} move, such as "mains unit-1"? Empty: nothing more`,
        (said) => said === "" || ((moves as readonly string[]).includes(wordsOf(said)[0]) && wordsOf(said)[1] !== ""),
      );
      if (text === "") return;
      const [moved, of] = wordsOf(text);
      this.actuators.push({
        name: `${moved}-${of}`,
        moves: moved as (typeof moves)[number],
        of,
        by: what === "relay" ? { driver: "usb-relay", usb, channel } : { driver: "scpi", usb, channel },
      });
    }
  }

  /** What nothing moves yet is moved by a person, so that the file is whole from the first. */
  private async addByHand(): Promise<void> {
    const { actuators, devices } = this;
    const add = (moves: "mains" | "press", of: string, ask: string): void => {
      if (!actuators.some((each) => each.moves === moves && each.of === of))
        actuators.push({ name: `${moves}-${of}`, moves, of, by: { driver: "by-hand", ask } });
    };
    for (const { name, role } of devices) {
      if (role === "unit") add("mains", name, `the plug of ${name} at the wall`);
      if (role === "button") add("press", name, `the button of ${name}`);
    }
  }

  private async isYes(question: string): Promise<boolean> {
    return (await this.answer(`${question} (yes/no)`, (text) => ["yes", "no", "y", "n"].includes(text))).startsWith(
      "y",
    );
  }

  private async answer(question: string, fits: (text: string) => boolean): Promise<string> {
    for (let tries = 0; tries < triesLimit; tries++) {
      const text = (await this.options.desk.ask(question)).trim();
      if (fits(text)) return text;
      this.options.desk.say(`${JSON.stringify(text)} is none of these`);
    }
    throw new UserError(`no answer to "${question}" fits`, "livlina hil benches scan, once more", 2);
  }
}

function wordsOf(text: string): [string, string] {
  const [first = "", second = ""] = text.split(/\s+/);
  return [first, second];
}

/** The socket is written down only where the serial number does not do. */
function usbOf({ serialNumber, socket }: PortFound, areEqual: boolean): DeviceEntry["usb"] {
  const isNamed = serialNumber !== "" && !areEqual;
  return {
    ...(serialNumber === "" ? {} : { "serial-number": serialNumber }),
    ...(isNamed || socket === "" ? {} : { socket }),
  };
}

function isSameMake(one: PortFound, other: PortFound): boolean {
  return one.vendor === other.vendor && one.product === other.product;
}

function shown({ path, serialNumber, socket, what }: PortFound): string {
  return `${path} (${[what, serialNumber === "" ? "no serial number" : serialNumber, socket].filter((word) => word !== "").join(", ")})`;
}

function probedText(found: Probed): string {
  switch (found.is) {
    case "unit":
      return `unit ${found.unit}, firmware ${found.version}`;
    case "espruino":
      return `${found.target} with Espruino ${found.engine}`;
    case "silent":
      return "nothing answers, as a relay board does not";
    case "closed":
      return found.why;
  }
}
