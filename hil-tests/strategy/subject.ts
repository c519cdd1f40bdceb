/** What cases are given: a bench with the line of its first unit open, and everything that moves that unit and its buttons by short names. */
import { join } from "node:path";
import type { Actuator, Bench, BenchDevice, BenchReceiver, Moves, Sensor } from "../bench/bench.ts";
import { RigError } from "../bench/rig-error.ts";
import type { Device } from "../device/device.ts";
import { CaseSkipped } from "../run/case.ts";
import { Strategy } from "./strategy.ts";

/** A finger that presses as people do. */
const pressMs = 150;
/** A key on the unit wants to be meant. */
const keyMs = 400;

/** Benches whose unit has started anew since the last press. */
const freshBenches = new WeakSet<Bench>();

export class Subject {
  readonly bench: Bench;
  readonly unit: Device;
  readonly strategy: Strategy;
  readonly buttons: readonly BenchDevice[];

  constructor(bench: Bench, unit: Device) {
    this.bench = bench;
    this.unit = unit;
    this.buttons = bench.devices.filter(({ role }) => role === "button");
    this.strategy = new Strategy(this);
  }

  /** Throws CaseSkipped where the bench has none. */
  of(moves: Moves): Actuator {
    return this.actuator(moves, this.unit.name);
  }

  /** Whether no alarm can be open that a press would join. */
  get isFresh(): boolean {
    return freshBenches.has(this.bench);
  }

  set isFresh(isFresh: boolean) {
    if (isFresh) freshBenches.add(this.bench);
    else freshBenches.delete(this.bench);
  }

  /** Of a button, from 1. Throws CaseSkipped where the bench has none. */
  ofButton(moves: Moves, button = 1): Actuator {
    return this.actuator(moves, this.buttons[button - 1]?.name ?? `button ${button}`);
  }

  /** Somebody presses a button, from 1. Answers when it was. */
  async press(button = 1): Promise<number> {
    const finger = this.ofButton("press", button);
    this.isFresh = false;
    const atMs = this.bench.nowMs();
    await finger.pulse(pressMs);
    return atMs;
  }

  /** Somebody presses the help key on the unit itself. Answers when it was. */
  async pressKey(): Promise<number> {
    const finger = this.of("press");
    this.isFresh = false;
    const atMs = this.bench.nowMs();
    await finger.pulse(keyMs);
    return atMs;
  }

  /** From 1. Throws CaseSkipped where the bench has none. */
  receiver(number: number): BenchReceiver {
    const receiver = this.bench.receivers[number - 1];
    if (receiver === undefined) throw new CaseSkipped(`bench ${this.bench.name} has no receiver ${number}`);
    return receiver;
  }

  /** Undefined where the bench has no such eye or ear. */
  sensor(of: string, what: Sensor["what"]): Sensor | undefined {
    return this.bench.sensors.find((each) => each.of === of && each.what === what);
  }

  async close(): Promise<void> {
    await this.unit.close();
  }

  private actuator(moves: Moves, of: string): Actuator {
    const found = this.bench.actuator(moves, of);
    if (found !== undefined) return found;
    throw new CaseSkipped(`bench ${this.bench.name} has no actuator for ${moves} of ${of}`);
  }
}

/** The logs of its devices go into `folder`. Rejects with RigError or DeviceError. */
export async function openSubject(bench: Bench, folder: string): Promise<Subject> {
  const device = bench.devices.find(({ role }) => role === "unit");
  if (device === undefined) throw new RigError("port", `bench ${bench.name} has no unit`, "name one in the bench file");
  return new Subject(bench, await bench.open(device, join(folder, `${device.name}.log`)));
}
