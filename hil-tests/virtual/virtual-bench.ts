/**
 * The bench of those who have none: a unit and two buttons in their boxes, their firmware in real time behind a pseudo-terminal, with
 * supply, network, SIM and radio that are moved by name, two receivers, a modem, and lamps and a voice that are seen. It can be told
 * to misbehave as hardware does.
 */
import { randomBytes, randomInt } from "node:crypto";
import { Stream } from "../../simulator/core/prng.ts";
import { LiveStand, type StandNews } from "../../simulator/live/live-stand.ts";
import { LiveStandTime } from "../../simulator/live/live-stand-time.ts";
import { factorySettings } from "../../tools/device/stand.ts";
import type { Label } from "../../tools/provision/label-code.ts";
import { actuatorOf } from "../bench/actuator.ts";
import { assemble } from "../bench/assemble.ts";
import type { Actuator, Bench, BenchClock, BenchDevice, Moves, Seen, Sensor } from "../bench/bench.ts";
import { FillableDisk } from "../bench/disk.ts";
import { openGsmModem } from "../bench/gsm-modem.ts";
import { Happenings } from "../bench/happenings.ts";
import { openDouble, type ReceiverDouble } from "../bench/receiver-double.ts";
import { RigError } from "../bench/rig-error.ts";
import { foreignHost, type Misbehaviour, misbehave } from "./misbehaviour.ts";
import { benchModem, VirtualMobile } from "./virtual-mobile.ts";
import { VirtualNetwork } from "./virtual-network.ts";
import { VirtualPort } from "./virtual-port.ts";

export interface VirtualBenchOptions {
  /** So many times as fast as outside, 1 to 100; 1 unless said. */
  readonly speed?: number | undefined;
  readonly misbehave?: readonly Misbehaviour[] | undefined;
  /** Draws when and how it misbehaves; another one each time unless said. */
  readonly seed?: number | undefined;
}

const unitName = "unit-1";
const buttonNames = ["button-1", "button-2"] as const;
const firstAddress = 0x0102_0301;
const blinkMs = 800;
/** A pseudo-terminal is read by other threads, which know nothing of the bench's time. */
const fastGraceMs = 500;
const domain = "bench.example.net";

/** Rejects with UserError (3) where this machine has no pseudo-terminals, and with RigError where it has no port left. */
export async function openVirtualBench(options: VirtualBenchOptions = {}): Promise<Bench> {
  const time = new LiveStandTime(options.speed ?? 1);
  const clock = clockOf(time, options.speed ?? 1);
  const isForeign = (options.misbehave ?? []).some(({ kind }) => kind === "foreign-receiver");
  const receivers: ReceiverDouble[] = [];
  let home: VirtualHome | undefined;
  try {
    for (const name of ["first", "second"])
      receivers.push(
        await openDouble({
          name,
          uri: `sip:${name}@${domain}`,
          listen: { transport: "udp", host: "127.0.0.1", port: 0 },
          saidHost: isForeign ? foreignHost : undefined,
          allow: [],
          clock,
        }),
      );
    home = new VirtualHome(time, clock, isForeign);
    const opened = home;
    const modem = await openGsmModem({ ...benchModem, locate: async () => opened.mobile.path, clock });
    const seed = options.seed ?? randomInt(2 ** 32);
    for (const [at, one] of (options.misbehave ?? []).entries())
      misbehave(one, opened, new Stream(seed, `misbehaviour ${one.kind}`, at));
    return assemble({
      name: "virtual",
      file: undefined,
      speed: options.speed ?? 1,
      clock,
      devices: opened.devices,
      actuators: opened.actuators,
      receivers,
      modem,
      sensors: opened.sensors,
      allow: [],
      disk: opened.disk,
      rest: new Map(),
      close: async () => {
        opened.close();
        time.stop();
      },
    });
  } catch (thrown) {
    for (const receiver of receivers) receiver.close();
    home?.close();
    time.stop();
    throw thrown;
  }
}

function clockOf(time: LiveStandTime, speed: number): BenchClock {
  return {
    nowMs: () => time.nowMs(),
    after: (ms, run) => ({ cancel: time.after(Math.ceil(ms), run) }),
    graceMs: speed > 1 ? fastGraceMs : 0,
  };
}

/** What stands on the bench. */
class VirtualHome {
  readonly devices: readonly BenchDevice[];
  readonly actuators: readonly Actuator[];
  readonly sensors: readonly Sensor[];
  readonly mobile: VirtualMobile;
  readonly disk: FillableDisk;
  private readonly time: LiveStandTime;
  private readonly clock: BenchClock;
  private readonly stand: LiveStand;
  private readonly port: VirtualPort;
  private readonly network: VirtualNetwork;
  private readonly sights: ReadonlyMap<string, Happenings<Seen>>;
  private readonly switched: { mains: boolean; battery: boolean };
  private blinks: number;
  private isHubDead: boolean;

  constructor(time: LiveStandTime, clock: BenchClock, isForeign: boolean) {
    this.time = time;
    this.clock = clock;
    this.disk = new FillableDisk();
    this.isHubDead = false;
    this.switched = { mains: true, battery: true };
    this.blinks = 0;
    this.port = new VirtualPort(clock);
    this.network = new VirtualNetwork();
    this.mobile = new VirtualMobile({ time, address: "127.0.0.1" });
    this.sights = new Map(
      [unitName, ...buttonNames].map((name) => [
        name,
        new Happenings<Seen>(`sensor of ${name}`, clock, ({ text }) => text),
      ]),
    );
    const serviceKey = new Uint8Array(randomBytes(16));
    const labels = buttonNames.map(
      (_, at): Label => ({ address: firstAddress + at, form: "wrist", key: new Uint8Array(randomBytes(16)) }),
    );
    const settings = factorySettings(serviceKey);
    const receivers = settings.receivers.map((each) => (isForeign ? { ...each, host: foreignHost } : each));
    this.stand = new LiveStand({
      delivered: { ...settings, receivers },
      local: { host: "127.0.0.1", port: 0 },
      allow: [],
      buttons: labels.map(({ address, key }) => ({ address, label: key })),
      openServiceLine: this.port.openDevice,
      openModemLine: this.mobile.openModemLine,
      throughNetwork: this.network.through,
      time,
      onNews: (news) => this.see(news, clock.nowMs()),
      onDropped: () => {},
    });
    this.devices = [
      this.deviceOf(unitName, "unit", serviceKey, undefined),
      ...buttonNames.map((name, at) => this.deviceOf(name, "button", undefined, labels[at])),
    ];
    this.actuators = [
      ...this.unitActuators(),
      ...buttonNames.flatMap((name, at) => this.buttonActuators(name, at + 1)),
    ];
    this.sensors = [...this.sights].map(([of, sight]) => ({
      of,
      what: of === unitName ? "voice" : "lamp",
      seen: sight.all,
      expect: (what, withinMs, sinceMs) =>
        sight.expect(
          String(what),
          ({ text }) => (typeof what === "string" ? text === what : what.test(text)),
          withinMs,
          sinceMs,
        ),
    }));
  }

  after(ms: number, run: () => void): void {
    this.time.after(ms, run);
  }

  /** The unit loses its power for a moment, whoever had given it, and has what is switched on by then. */
  blink(): void {
    const { supply } = this.stand.house;
    supply.plug(false);
    supply.connectBattery(false);
    this.blinks++;
    this.time.after(blinkMs, () => {
      this.blinks--;
      this.power();
    });
  }

  filter(said: VirtualPort["onSaid"], heard: VirtualPort["onHeard"]): void {
    this.port.onSaid = said;
    this.port.onHeard = heard;
  }

  renumber(awayMs: number): void {
    this.port.pull();
    this.time.after(awayMs, () => {
      if (!this.isHubDead) this.port.plug();
    });
  }

  killHub(): void {
    this.isHubDead = true;
    this.port.pull();
  }

  fillDisk(): void {
    this.disk.fill();
  }

  hang(): void {
    this.network.plug(false);
    this.mobile.insertSim(false);
  }

  close(): void {
    for (const sight of this.sights.values()) sight.close();
    this.stand.close();
    this.port.pull();
    this.mobile.close();
  }

  private switchPower(what: "mains" | "battery", isOn: boolean): void {
    this.switched[what] = isOn;
    this.stand.touch(() => this.power());
  }

  /** Only from inside the unit's own time. */
  private power(): void {
    if (this.blinks > 0) return;
    const { supply } = this.stand.house;
    supply.plug(this.switched.mains);
    supply.connectBattery(this.switched.battery);
  }

  private deviceOf(
    name: string,
    role: BenchDevice["role"],
    serviceKey: Uint8Array | undefined,
    label: Label | undefined,
  ): BenchDevice {
    return {
      name,
      role,
      board: "virtual",
      image: undefined,
      usb: undefined,
      serviceKey,
      label,
      locate: async () => (role === "unit" ? this.port.path : undefined),
    };
  }

  private unitActuators(): readonly Actuator[] {
    const { network, mobile, time } = this;
    return [
      this.actuator("mains", unitName, (on) => this.switchPower("mains", on === true)),
      this.actuator("battery", unitName, (on) => this.switchPower("battery", on === true)),
      this.actuator("network", unitName, (on) => network.plug(on === true)),
      this.actuator("sim", unitName, (on) => time.enter(() => mobile.insertSim(on === true))),
      this.actuator("press", unitName, (on) => this.stand.touch(({ keys }) => keys.contact("help", on === true))),
    ];
  }

  private buttonActuators(name: string, button: number): readonly Actuator[] {
    const { stand } = this;
    return [
      this.actuator("press", name, (on) => stand.contact(button, on === true)),
      this.actuator("attenuation", name, (db) => stand.carry(button, Number(db))),
      this.actuator("battery", name, (on) => {
        if (on === true) stand.changeBattery(button);
      }),
    ];
  }

  private actuator(moves: Moves, of: string, move: (value: boolean | number) => void): Actuator {
    const check = async (): Promise<void> => {
      if (this.isHubDead)
        throw new RigError("actuator", "the hub does not answer", "is the hub powered, and its cable in?");
    };
    const set = async (value: boolean | number): Promise<void> => {
      await check();
      move(value);
    };
    return actuatorOf({
      name: `${moves}-${of}`,
      moves,
      of,
      driver: { name: "virtual", set, check },
      clock: this.clock,
    });
  }

  private see(news: StandNews, hostMs: number): void {
    if (news.type === "button-showed") this.sights.get(`button-${news.button}`)?.add({ text: news.signal, hostMs });
    else if (news.type === "spoke") this.sights.get(unitName)?.add({ text: news.utterance.text, hostMs });
  }
}
