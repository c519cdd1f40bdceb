/**
 * For tests: a real Espruino interpreter, built for this machine, behind a pseudo-terminal, in a folder of its own that holds its
 * Storage. Runs where LIVLINA_ESPRUINO names the binary; nothing on a forge stands in for it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Serial } from "../../firmware/ports/serial.ts";
import { openPty, type Pty } from "../device/pty.ts";

/** The binary, or undefined: `test.skipIf(realEspruino === undefined)`. */
export const realEspruino: string | undefined = process.env["LIVLINA_ESPRUINO"] || undefined;

const greetingEnd = "espruino.com/Donate";
const greetingMs = 10_000;

export class RealEspruino {
  /** Where the flasher opens it. */
  readonly path: string;
  /** All that its console has said, one character per byte. */
  transcript: string;
  /** Its Storage lives here, over restarts. */
  readonly folder: string;
  private readonly near: Pty;
  private readonly far: Pty;
  private readonly nearSerial: Serial;
  private readonly farSerial: Serial;
  private child: ChildProcess | undefined;
  private poweredAt: number;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "livlina-espruino-"));
    this.near = openPty();
    this.far = openPty();
    this.path = this.near.path;
    this.transcript = "";
    this.nearSerial = this.near.openDevice({ baud: 115_200, onReadable: () => this.carry() });
    this.farSerial = this.far.openDevice({ baud: 115_200, onReadable: () => this.carry() });
    this.child = undefined;
    this.poweredAt = 0;
    this.powerOn();
  }

  powerOn(): void {
    this.poweredAt = this.transcript.length;
    const fd = openSync(this.far.path, constants.O_RDWR | constants.O_NOCTTY);
    this.child = spawn(realEspruino as string, [], { cwd: this.folder, stdio: [fd, fd, fd], detached: true });
    closeSync(fd);
  }

  /** Resolves when it has greeted since its power came. */
  async settled(): Promise<void> {
    const from = this.poweredAt;
    const endMs = performance.now() + greetingMs;
    while (!this.transcript.slice(from).includes(greetingEnd)) {
      if (performance.now() > endMs) throw new Error(`no greeting: ${this.transcript.slice(from)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The power is cut: nothing is asked of the interpreter. */
  async powerOff(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  async close(): Promise<void> {
    await this.powerOff();
    this.near.close();
    this.far.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What comes while the power is off is lost, as on a board. */
  private carry(): void {
    for (let bytes = this.nearSerial.read(); bytes !== undefined; bytes = this.nearSerial.read())
      if (this.child !== undefined) this.farSerial.write(bytes);
    for (let bytes = this.farSerial.read(); bytes !== undefined; bytes = this.farSerial.read()) {
      this.transcript += Buffer.from(bytes).toString("latin1");
      this.nearSerial.write(bytes);
    }
  }
}
