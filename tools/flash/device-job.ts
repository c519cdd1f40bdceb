/** What `flash` and `verify` share: which port, which keys, how the line is opened, and who is asked. */
import type { Command } from "commander";
import { type Board, readBoard } from "../boards.ts";
import { type Image, readImage } from "../build/image.ts";
import { type Desk, openDesk } from "../provision/desk.ts";
import { bytesOf, passphraseOf, readKeys, unitKeysOf } from "../provision/keys-file.ts";
import { UserError } from "../user-error.ts";
import { type BoardPatience, boardPatience } from "./espruino-board.ts";
import { type PortFlags, type PortFound, portOf, portText } from "./ports.ts";
import { helloMs } from "./standing.ts";

export interface DeviceFlags extends PortFlags {
  readonly image?: string;
  readonly baud?: string;
  readonly keys?: string;
  readonly unit?: string;
  readonly passphraseFile?: string;
  readonly wait: string;
  readonly binaries?: string;
  readonly json?: boolean;
}

export interface DeviceJob {
  readonly board: Board;
  readonly path: string;
  readonly found: PortFound | undefined;
  /** Of the board's console and service line. */
  readonly baud: number;
  /** Whether the flag named it. */
  readonly isBaudGiven: boolean;
  /** Opens the unit's lock; undefined without `--keys`. */
  readonly key: Uint8Array | undefined;
  /** For somebody who switches power off and on. */
  readonly waitMs: number;
  readonly desk: Desk;
  readonly patience: BoardPatience & { readonly helloMs: number };
}

const patience = { ...boardPatience, helloMs };
const usualBaud = 115_200;
export const imagesFolder = "out/images";

/** The flags that both commands take. */
export function deviceOptions(command: Command): Command {
  return command
    .option("--port <path>", "such as /dev/ttyUSB0; asked for where more than one board is plugged in")
    .option("--serial-number <number>", "USB serial number instead, as livlina devices shows it")
    .option("--image <dir>", "what livlina build wrote", `${imagesFolder}/BOARD`)
    .option("--baud <rate>", "of the line; the board's own unless said")
    .option("--keys <file>", "keys of units, so that a unit can be asked whether it is needed")
    .option("--unit <serial>", "which of them; not needed where the file has one")
    .option("--passphrase-file <file>", "opens the keys; or LIVLINA_PASSPHRASE")
    .option("--wait <seconds>", "for somebody who switches the board's power off and on", "30")
    .option("--binaries <dir>", "ESP32: a build folder with flasher_args.json, built elsewhere");
}

/** Throws UserError: 2 for wrong flags, 3 without a port. */
export async function deviceJob(name: string, flags: DeviceFlags): Promise<DeviceJob> {
  const board = readBoard(name);
  const baud = Number(flags.baud ?? board.lines.service?.baud ?? usualBaud);
  if (!Number.isInteger(baud) || baud < 300 || baud > 4_000_000)
    throw new UserError(`--baud ${flags.baud} is no rate of a line`, "--baud 115200", 2);
  const waitS = Number(flags.wait);
  if (!/^\d+$/.test(flags.wait) || waitS > 3_600)
    throw new UserError(`--wait ${flags.wait} is not 0 to 3600 seconds`, "--wait 60", 2);
  const key = serviceKeyOf(flags);
  const desk = openDesk();
  const choose = process.stdin.isTTY === true ? (ports: readonly PortFound[]) => choosePort(desk, ports) : undefined;
  const { path, found } = await portOf(flags, choose);
  return {
    board,
    path,
    found,
    baud,
    isBaudGiven: flags.baud !== undefined,
    key,
    waitMs: waitS * 1_000,
    desk,
    patience,
  };
}

/** Undefined where no keys are named. Throws UserError. */
export function serviceKeyOf(flags: Pick<DeviceFlags, "keys" | "unit" | "passphraseFile">): Uint8Array | undefined {
  if (flags.keys === undefined) return undefined;
  const keys = readKeys(flags.keys, passphraseOf(flags.passphraseFile, process.env["LIVLINA_PASSPHRASE"]));
  return bytesOf(unitKeysOf(flags.keys, keys, flags.unit).serviceKey);
}

/** Throws UserError (2) where it is not there, or not for this board. */
export function imageOf(
  board: Board,
  flags: Pick<DeviceFlags, "image">,
): { readonly folder: string; readonly image: Image } {
  const named = flags.image ?? `${imagesFolder}/BOARD`;
  const folder = named === `${imagesFolder}/BOARD` ? `${imagesFolder}/${board.name}` : named;
  return { folder, image: readImage(folder) };
}

async function choosePort(desk: Desk, ports: readonly PortFound[]): Promise<PortFound> {
  for (;;) {
    const rows = ports.map((port, i) => `  ${i + 1}  ${portText(port)}\n`).join("");
    const chosen = ports[Number(await desk.ask(`More than one fits:\n${rows}Which? [1-${ports.length}]`)) - 1];
    if (chosen !== undefined) return chosen;
  }
}
