/** A bench as a run needs it: looked at part by part, its first unit's line opened anew for each attempt, switched off at the worst. */
import { join } from "node:path";
import type { Bench } from "../bench/bench.ts";
import { RigError } from "../bench/rig-error.ts";
import { lacksOf } from "../strategy/needs.ts";
import { openSubject, type Subject } from "../strategy/subject.ts";
import { boardsOf, pathOf } from "./bench-boards.ts";
import type { Finding, Rig, RigBoard } from "./rig.ts";
import { messageOf } from "./within.ts";

/** Logs of a night; less is looked at before it fails. */
const leastFreeBytes = 200_000_000;
/** A machine whose clock has lost its battery is in another year. */
const earliest = Date.parse("2026-01-01T00:00:00Z");

export class BenchRig implements Rig<Subject> {
  readonly name: string;
  readonly board: string;
  readonly boards: readonly RigBoard[];
  private readonly bench: Bench;
  private readonly folder: string;
  private subject: Subject | undefined;

  /** `folder`: of the run's results, and there already. */
  constructor(bench: Bench, folder: string) {
    this.name = bench.name;
    this.board = bench.devices.find(({ role }) => role === "unit")?.board ?? "none";
    this.boards = boardsOf(bench, { recordPath: join(folder, "images.json"), letGo: () => this.letGo() });
    this.bench = bench;
    this.folder = folder;
    this.subject = undefined;
  }

  lacks(needs: readonly string[]): readonly string[] {
    return lacksOf(this.bench, needs);
  }

  permit(host: string): void {
    this.bench.permit(host);
  }

  async check(): Promise<readonly Finding[]> {
    const { bench } = this;
    return [
      await finding("the clock is right", async () => {
        if (Date.now() < earliest) throw new Error(`it is ${new Date().toISOString()}`);
      }),
      await finding("there is room for logs", async () => {
        const free = bench.disk.freeBytes(this.folder);
        if (free < leastFreeBytes) throw new Error(`${free} bytes are free`);
        const file = bench.disk.create(join(this.folder, "rig", "check"));
        file.write("room\n");
        file.close();
      }),
      ...(await Promise.all([
        ...bench.devices
          .filter(({ role, usb }) => role === "unit" || usb !== undefined)
          .map((each) => finding(`${each.name} is plugged in`, () => pathOf(each))),
        ...bench.actuators.map((each) => finding(`${each.name} answers`, () => each.check())),
        ...bench.receivers.map((each) => finding(`receiver ${each.name} answers`, () => each.check())),
        ...(bench.modem === undefined ? [] : [finding("the modem answers", () => bench.modem?.check())]),
      ])),
    ];
  }

  /** The bench's own are looked at before any unit is asked. */
  async receivers(signal: AbortSignal): Promise<readonly string[]> {
    for (const { host } of this.bench.receivers) this.bench.permit(host);
    return await (await this.opened(signal)).strategy.receiverHosts();
  }

  /** Once `signal` is aborted the line is let go, so that nothing goes on that waits on it. */
  async begin(folder: string, signal: AbortSignal): Promise<Subject> {
    await this.letGo();
    this.subject = await openSubject(this.bench, folder);
    return this.until(signal, this.subject);
  }

  async restore(signal: AbortSignal): Promise<void> {
    await (await this.opened(signal)).strategy.restore();
  }

  /** Without the line, which may be what is broken. */
  async switchOff(): Promise<void> {
    for (const { name, role } of this.bench.devices) {
      if (role !== "unit") continue;
      for (const moves of ["battery", "mains"] as const) {
        const actuator = this.bench.actuator(moves, name);
        if (actuator === undefined)
          throw new RigError("actuator", `${name} cannot be switched off: no actuator for ${moves}`, "do it by hand");
        await actuator.set(false);
      }
    }
  }

  async close(): Promise<void> {
    try {
      await this.letGo();
    } finally {
      await this.bench.close();
    }
  }

  private async opened(signal: AbortSignal): Promise<Subject> {
    const { subject } = this;
    return subject === undefined ? await this.begin(join(this.folder, "rig"), signal) : this.until(signal, subject);
  }

  private until(signal: AbortSignal, subject: Subject): Subject {
    signal.addEventListener("abort", () => {
      if (this.subject === subject) void this.letGo();
    });
    return subject;
  }

  private async letGo(): Promise<void> {
    const { subject } = this;
    this.subject = undefined;
    await subject?.close();
  }
}

async function finding(name: string, look: () => unknown): Promise<Finding> {
  try {
    await look();
    return { name, isHeld: true, found: "" };
  } catch (thrown) {
    return { name, isHeld: false, found: messageOf(thrown).split("\n", 1)[0] ?? "" };
  }
}
