/** `livlina verify`: whether a device holds exactly what was built. Changes nothing on it. */
import type { Command } from "commander";
import type { Image } from "../build/image.ts";
import { type DeviceFlags, type DeviceJob, deviceJob, deviceOptions, imageOf } from "../flash/device-job.ts";
import { openEsp } from "../flash/esp32.ts";
import { EspruinoBoard } from "../flash/espruino-board.ts";
import { reach } from "../flash/flash-run.ts";
import { openSerialLine } from "../flash/serial-line.ts";
import { hello, standingOf } from "../flash/standing.ts";
import { UserError } from "../user-error.ts";
import { binariesOf } from "./flash.ts";

interface Verified {
  readonly board: string;
  readonly path: string;
  /** Of the image, and of what the device says it has; "" where it says nothing. */
  readonly version: string;
  readonly there: string;
  readonly same: boolean;
  /** Names of what differs. */
  readonly wrong: readonly string[];
}

export function register(program: Command): void {
  deviceOptions(program.command("verify <board>").description("compare a device with what was built for it"))
    .option("--json", "one JSON object on stdout")
    .addHelpText(
      "after",
      "\nExit code 1 where it differs. An ESP32 is reset twice for it: into its loader and out again.\n\nExample:\n  livlina verify puck-js --port /dev/ttyUSB0\n",
    )
    .action(verify);
}

async function verify(name: string, flags: DeviceFlags): Promise<void> {
  const job = await deviceJob(name, flags);
  try {
    const { folder, image } = imageOf(job.board, flags);
    const result =
      job.board.engine === "espruino" ? await ofEspruino(job, image) : await ofEsp32(job, image, folder, flags);
    process.stdout.write(flags.json === true ? `${JSON.stringify(result)}\n` : `${textOf(result)}\n`);
    if (!result.same) process.exitCode = 1;
  } finally {
    job.desk.close();
  }
}

async function ofEspruino(job: DeviceJob, image: Image): Promise<Verified> {
  const line = await openSerialLine(job.path, job.baud);
  const device = new EspruinoBoard(line, job.patience);
  try {
    const answered = await device.answers();
    if (!answered) await reach(device, job, await standingOf(await hello(line), undefined));
    const { wrong, label } = await device.differences(image);
    if (!answered && label !== undefined) await device.boot();
    return verified(job, image, label?.version ?? "", wrong);
  } finally {
    await line.close();
  }
}

async function ofEsp32(job: DeviceJob, image: Image, folder: string, flags: DeviceFlags): Promise<Verified> {
  const line = await openSerialLine(job.path, job.baud);
  try {
    const there = await hello(line);
    if (there !== undefined)
      throw new UserError(
        `${job.path}: unit ${there.unit} runs there (${there.version}), and comparing would stop it`,
        "return the unit first; or read its version with livlina devices --probe",
        4,
      );
    const { chip, parts } = binariesOf(folder, job.board.engineImage.target, flags);
    const session = await openEsp(line, { chip });
    const wrong = (await session.differing(parts)).map((part) => `${part.name} at 0x${part.address.toString(16)}`);
    await session.leave();
    return verified(job, image, "", wrong);
  } finally {
    await line.close();
  }
}

function verified(job: DeviceJob, image: Image, there: string, wrong: readonly string[]): Verified {
  const { board, version } = image.manifest;
  return { board, path: job.path, version, there, same: wrong.length === 0, wrong };
}

function textOf({ board, version, path, there, same, wrong }: Verified): string {
  if (same) return `${path} holds ${board} ${version}`;
  return `${path} does not hold ${board} ${version}${there === "" ? "" : ` but ${there}`}: ${wrong.join(", ")}`;
}
