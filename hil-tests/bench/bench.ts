/**
 * A bench as tests see it: devices, what moves them, the receivers and the modem that hear them, all by name. The virtual bench and
 * one with real boards have this same shape; only `speed` tells a test that time may run faster than outside.
 */
import type { ReceiverEvent } from "../../simulator/peers/receiver-events.ts";
import type { ReceiverMode } from "../../simulator/peers/receiver-modes.ts";
import type { Label } from "../../tools/provision/label-code.ts";
import type { ButtonConsole } from "../device/button-console.ts";
import type { Device } from "../device/device.ts";

export type Role = "unit" | "button" | "rig";

/** `press`: the contact of a button; `attenuation`: of its radio, in dB. */
export type Moves = "mains" | "battery" | "press" | "attenuation" | "network" | "sim";

/** The time of a bench: the outside's, or that of a simulated home, which stands still while the machine is busy. */
export interface BenchClock {
  /** Ms since the bench was opened, with their fraction. */
  nowMs(): number;
  after(ms: number, run: () => void): { cancel(): void };
  /** In ms outside: what a busy machine may hold back of what was there in time. 0 where the bench's time is the outside's. */
  readonly graceMs: number;
}

export interface Actuator {
  /** Unique on the bench. */
  readonly name: string;
  readonly moves: Moves;
  /** Name of the device that it acts on. */
  readonly of: string;
  readonly driver: string;
  /** True: on, plugged in, pressed. A number: dB. Resolves when it is done. Rejects with RigError. */
  set(value: boolean | number): Promise<void>;
  /** On for so long in the bench's time, then off again. Rejects with RigError. */
  pulse(forMs: number): Promise<void>;
  /** Whether what it works with answers; moves nothing. Rejects with RigError. */
  check(): Promise<void>;
}

export interface BenchDevice {
  readonly name: string;
  readonly role: Role;
  /** As in firmware/boards; "virtual" where there is none. */
  readonly board: string;
  /** Board whose image is to be on it; undefined: nothing is flashed. */
  readonly image: string | undefined;
  /** Serial number and socket of its USB; undefined on the virtual bench. */
  readonly usb: UsbPlace | undefined;
  /** Opens a unit's service line. */
  readonly serviceKey: Uint8Array | undefined;
  /** Of a button. */
  readonly label: Label | undefined;
  /** Where its line is now; undefined: nowhere. */
  locate(): Promise<string | undefined>;
}

export interface UsbPlace {
  /** "" where the device tells none. */
  readonly serialNumber: string;
  /** Such as "1-1.4"; "" where any will do. */
  readonly socket: string;
}

export type HeardByReceiver = ReceiverEvent & { readonly hostMs: number };

/** The receiver double. */
export interface BenchReceiver {
  readonly name: string;
  /** Such as "sip:hil@bench.example.net". */
  readonly uri: string;
  readonly host: string;
  readonly port: number;
  readonly transport: "udp" | "tcp" | "tls";
  readonly events: readonly HeardByReceiver[];
  /** The first such event from `sinceMs` on, come or to come. Rejects with ExpectError. */
  expect(
    what: string,
    matches: (event: ReceiverEvent) => boolean,
    withinMs: number,
    sinceMs?: number,
  ): Promise<HeardByReceiver>;
  setMode(mode: ReceiverMode): Promise<void>;
  /** Whether its port answers. Rejects with RigError. */
  check(): Promise<void>;
}

export interface BenchText {
  readonly from: string;
  readonly text: string;
  readonly hostMs: number;
}

export interface BenchCall {
  readonly from: string;
  readonly hostMs: number;
}

/** A modem of the bench's own, which hears the texts and the calls of the units. */
export interface BenchModem {
  readonly number: string;
  readonly texts: readonly BenchText[];
  readonly calls: readonly BenchCall[];
  /** The first such text from `sinceMs` on. Rejects with ExpectError. */
  expectText(
    what: string,
    matches: (text: BenchText) => boolean,
    withinMs: number,
    sinceMs?: number,
  ): Promise<BenchText>;
  /** The first such call from `sinceMs` on. Rejects with ExpectError. */
  expectCall(
    what: string,
    matches: (call: BenchCall) => boolean,
    withinMs: number,
    sinceMs?: number,
  ): Promise<BenchCall>;
  send(to: string, text: string): Promise<void>;
  /** Whether it answers. Rejects with RigError. */
  check(): Promise<void>;
}

/** What a bench sees of a device beside its line: the lamp of a button, the voice of a unit. */
export interface Sensor {
  readonly of: string;
  readonly what: "lamp" | "voice";
  readonly seen: readonly Seen[];
  /** The first such sight from `sinceMs` on. Rejects with ExpectError. */
  expect(what: string | RegExp, withinMs: number, sinceMs?: number): Promise<Seen>;
}

export interface Seen {
  readonly text: string;
  readonly hostMs: number;
}

/** Where logs and artefacts go. */
export interface BenchDisk {
  /** Free bytes there. Throws RigError. */
  freeBytes(folder: string): number;
  /** Makes the folders that are missing, and begins the file anew. Throws RigError. */
  create(path: string): BenchFile;
}

export interface BenchFile {
  readonly path: string;
  /** Throws RigError. */
  write(text: string): void;
  close(): void;
}

export interface Bench extends BenchClock {
  readonly name: string;
  /** Undefined: the virtual bench. */
  readonly file: string | undefined;
  /** So many times as fast as outside; 1 with real boards. */
  readonly speed: number;
  readonly startedAt: Date;
  readonly devices: readonly BenchDevice[];
  readonly actuators: readonly Actuator[];
  readonly receivers: readonly BenchReceiver[];
  readonly modem: BenchModem | undefined;
  readonly sensors: readonly Sensor[];
  /** Hosts beyond loopback that a receiver may have. */
  readonly allow: readonly string[];
  readonly disk: BenchDisk;
  /** So long in the bench's time. */
  sleep(ms: number): Promise<void>;
  /** Throws UserError (2) with the names that there are. */
  device(name: string): BenchDevice;
  /** Undefined where the bench has none. */
  actuator(moves: Moves, of: string): Actuator | undefined;
  /** Opens a unit's line. Rejects with RigError or DeviceError. */
  open(device: BenchDevice, logPath: string): Promise<Device>;
  /** The console of a button that runs on Espruino; its port is held only while it is asked. Throws RigError. */
  openButton(device: BenchDevice, logPath: string): ButtonConsole;
  /** Throws UserError (4) where that is no host that a receiver of this bench may have. */
  permit(host: string): void;
  /** Every actuator comes to rest, and every line is let go. Rejects with RigError where one does not come to rest; the rest is done all the same. */
  close(): Promise<void>;
}
