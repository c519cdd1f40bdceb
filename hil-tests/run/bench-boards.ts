/**
 * The boards of a bench that take images, over the commands `verify` and `flash`, whose checks of hardware and region hold here too.
 * What an ESP32 holds is not read back each night, which would reset it twice: this bench's own record of what it wrote counts.
 */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeWhole } from "../../simulator/report/files.ts";
import { readBoard } from "../../tools/boards.ts";
import { readImage } from "../../tools/build/image.ts";
import { imagesFolder } from "../../tools/flash/device-job.ts";
import { UserError } from "../../tools/user-error.ts";
import type { Bench, BenchDevice } from "../bench/bench.ts";
import { CaseBlocked } from "./case.ts";
import type { ImageName, RigBoard } from "./rig.ts";

export interface CommandEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `livlina` with these words. */
export type Livlina = (args: readonly string[], signal?: AbortSignal) => Promise<CommandEnd>;

const command = fileURLToPath(new URL("../../tools/livlina.js", import.meta.url));
const reason = "hil run: the image that the bench file names";

export interface BoardWays {
  /** What this bench has written onto whom. */
  readonly recordPath: string;
  /** Lets go of all lines, since a port has one owner. */
  readonly letGo: () => Promise<void>;
  /** Where `livlina build` wrote to, a folder for each board. */
  readonly images?: string;
  readonly livlina?: Livlina;
}

/** Throws UserError (2) where an image is not built. */
export function boardsOf(bench: Bench, ways: BoardWays): readonly RigBoard[] {
  return bench.devices.flatMap((device) =>
    device.image === undefined ? [] : [new BenchBoard(device, device.image, ways)],
  );
}

class BenchBoard implements RigBoard {
  readonly name: string;
  readonly wanted: ImageName;
  private readonly device: BenchDevice;
  private readonly folder: string;
  private readonly ways: BoardWays;

  constructor(device: BenchDevice, image: string, ways: BoardWays) {
    this.name = device.name;
    this.folder = join(ways.images ?? imagesFolder, image);
    const { board, hardware, version, files } = readImage(this.folder).manifest;
    this.wanted = { board, hardware, version, digest: files[0]?.sha256 ?? "" };
    this.device = device;
    this.ways = ways;
  }

  async standing(): Promise<ImageName> {
    const { name: board, hardware, engine } = readBoard(this.device.board);
    if (engine !== "espruino") return { board, hardware, ...(this.records()[this.key] ?? { version: "", digest: "" }) };
    const told = await this.told(["verify", this.device.board, ...(await this.place())]);
    const { same, there } = told as { readonly same: boolean; readonly there: string };
    return same ? { ...this.wanted, board, hardware } : { board, hardware, version: there, digest: "" };
  }

  async flash(signal: AbortSignal): Promise<void> {
    await this.told(["flash", this.device.board, ...(await this.place()), "--yes", "--force", reason], signal);
    const { version, digest } = this.wanted;
    writeWhole(
      this.ways.recordPath,
      `${JSON.stringify({ ...this.records(), [this.key]: { version, digest } }, null, 2)}\n`,
    );
  }

  private get key(): string {
    const { usb } = this.device;
    return usb === undefined ? this.name : `${usb.serialNumber} ${usb.socket}`.trim();
  }

  private async place(): Promise<readonly string[]> {
    await this.ways.letGo();
    return ["--port", await pathOf(this.device), "--image", this.folder, "--json"];
  }

  /** Its one JSON object, whatever its exit code. Without one: blocked by the environment, or refused by what it says. */
  private async told(args: readonly string[], signal?: AbortSignal): Promise<unknown> {
    const { code, stdout, stderr } = await (this.ways.livlina ?? runLivlina)(args, signal);
    const text = stdout.trim();
    if (text.startsWith("{")) return JSON.parse(text);
    const said = stderr.trim().split("\n");
    const what = `${this.name}: ${said[0] ?? `livlina ${args[0]} ended with ${code}`}`;
    if (code === 1 || code === 4)
      throw new UserError(what, said[1]?.replace(/^ *try: /, "") ?? "livlina devices --probe", 4);
    throw new CaseBlocked(what);
  }

  private records(): Readonly<Record<string, Pick<ImageName, "version" | "digest">>> {
    const { recordPath } = this.ways;
    return existsSync(recordPath) ? JSON.parse(readFileSync(recordPath, "utf8")) : {};
  }
}

/** Where its line is. Rejects with CaseBlocked where it is nowhere. */
export async function pathOf(device: BenchDevice): Promise<string> {
  const path = await device.locate();
  if (path === undefined) throw new CaseBlocked(`${device.name}: its port is gone`);
  return path;
}

function runLivlina(args: readonly string[], signal?: AbortSignal): Promise<CommandEnd> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { signal, encoding: "utf8" }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : 3, stdout, stderr });
    });
  });
}
