/** A bench out of its parts: the names are looked up here, receivers are permitted here, and everything comes to rest here at the end. */
import { isAllowed } from "../../simulator/live/live-sockets.ts";
import { UserError } from "../../tools/user-error.ts";
import { ButtonConsole } from "../device/button-console.ts";
import type { Device } from "../device/device.ts";
import { openDevice } from "../device/open-device.ts";
import { Recorder, talkPath } from "../device/recording.ts";
import type { Actuator, Bench, BenchClock, BenchDevice, BenchDisk, BenchModem, Moves, Sensor } from "./bench.ts";
import type { ReceiverDouble } from "./receiver-double.ts";

export interface BenchParts {
  readonly name: string;
  readonly file: string | undefined;
  readonly speed: number;
  readonly clock: BenchClock;
  readonly devices: readonly BenchDevice[];
  readonly actuators: readonly Actuator[];
  readonly receivers: readonly ReceiverDouble[];
  readonly modem: (BenchModem & { close(): Promise<void> }) | undefined;
  readonly sensors: readonly Sensor[];
  readonly allow: readonly string[];
  readonly disk: BenchDisk;
  /** How each actuator is left; those that are not named stay as they are. */
  readonly rest: ReadonlyMap<Actuator, boolean | number>;
  /** Everything else that is to be let go. */
  readonly close: () => Promise<void>;
}

export function assemble(parts: BenchParts): Bench {
  return new AssembledBench(parts);
}

class AssembledBench implements Bench {
  readonly name: string;
  readonly file: string | undefined;
  readonly speed: number;
  readonly startedAt: Date;
  readonly devices: readonly BenchDevice[];
  readonly actuators: readonly Actuator[];
  readonly receivers: readonly ReceiverDouble[];
  readonly modem: BenchModem | undefined;
  readonly sensors: readonly Sensor[];
  readonly allow: readonly string[];
  readonly disk: BenchDisk;
  private readonly parts: BenchParts;
  private readonly opened: Device[];

  constructor(parts: BenchParts) {
    this.name = parts.name;
    this.file = parts.file;
    this.speed = parts.speed;
    this.startedAt = new Date();
    this.devices = parts.devices;
    this.actuators = parts.actuators;
    this.receivers = parts.receivers;
    this.modem = parts.modem;
    this.sensors = parts.sensors;
    this.allow = parts.allow;
    this.disk = parts.disk;
    this.parts = parts;
    this.opened = [];
  }

  nowMs(): number {
    return this.parts.clock.nowMs();
  }

  get graceMs(): number {
    return this.parts.clock.graceMs;
  }

  after(ms: number, run: () => void): { cancel(): void } {
    return this.parts.clock.after(ms, run);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  device(name: string): BenchDevice {
    const found = this.devices.find((each) => each.name === name);
    if (found !== undefined) return found;
    const known = this.devices.map((each) => each.name).join(", ");
    throw new UserError(
      `bench ${this.name} has no device ${name}`,
      known === "" ? "add it to the bench file" : `one of ${known}`,
      2,
    );
  }

  actuator(moves: Moves, of: string): Actuator | undefined {
    return this.actuators.find((each) => each.moves === moves && each.of === of);
  }

  async open(device: BenchDevice, logPath: string): Promise<Device> {
    const opened = await openDevice({
      name: device.name,
      clock: this,
      disk: this.disk,
      logPath,
      serviceKey: device.serviceKey,
      locate: () => device.locate(),
      recorder: new Recorder(talkPath(logPath), this.disk, this),
    });
    this.opened.push(opened);
    return opened;
  }

  openButton(device: BenchDevice, logPath: string): ButtonConsole {
    return new ButtonConsole({ device, clock: this, disk: this.disk, logPath });
  }

  permit(host: string): void {
    if (isAllowed(host, this.allow)) return;
    throw new UserError(
      `${host} is no receiver of bench ${this.name}: a test alarm must never reach a real alarm centre`,
      this.file === undefined
        ? "the virtual bench stays on this machine"
        : `a receiver of the bench, or allow: in ${this.file}`,
      4,
    );
  }

  async close(): Promise<void> {
    const faults: unknown[] = [];
    const done = async (work: () => Promise<unknown>): Promise<void> => {
      try {
        await work();
      } catch (thrown) {
        faults.push(thrown);
      }
    };
    for (const [actuator, value] of this.parts.rest) await done(() => actuator.set(value));
    for (const device of this.opened) await done(() => device.close());
    const { modem, receivers, close } = this.parts;
    if (modem !== undefined) await done(() => modem.close());
    for (const receiver of receivers) receiver.close();
    await done(close);
    if (faults.length > 0) throw faults[0];
  }
}
