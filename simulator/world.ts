/** A scenario come to life: operators, lines, receivers, homes and their people on one event queue. */
import { defaultStaggerMs, type UnitSettings } from "../firmware/settings.ts";
import type { ReceiverAddress } from "../firmware/sip/message-agent.ts";
import { Air } from "./air/air.ts";
import { Digest } from "./core/digest.ts";
import { EventQueue } from "./core/event-queue.ts";
import { Stream } from "./core/prng.ts";
import { SimClock } from "./core/sim-clock.ts";
import { Home, type Surroundings } from "./home.ts";
import { Cell, Operator, Subscriber, usualRegistration } from "./network/mobile.ts";
import { Broadband, Network, perfectAccess, unitAddress } from "./network/network.ts";
import { Calendar, type LinkWindow } from "./network/outage.ts";
import { Receiver } from "./peers/receiver.ts";
import type { Witness } from "./record/witness.ts";
import { pressesOf, type Resident } from "./residents.ts";
import type { FleetGroup, Scenario, ScenarioReceiver } from "./scenario/scenario.ts";

const realm = "larm.example";
const sharedUser = "livlina";
const sharedPassword = "prov-larm";
const usualSignal = 20;
const neighbourLossPpm = 400_000;
/** Homes are switched on within this time after the start of the run. */
const switchOnMs = 60_000;
const noModem = { apn: "larm", user: "", password: "", pin: "" };

export class World {
  readonly queue: EventQueue;
  readonly digest: Digest;
  readonly air: Air;
  readonly residents: readonly Resident[];
  readonly receivers: readonly Receiver[];
  private readonly scenario: Scenario;
  private readonly seed: number;
  private readonly network: Network;
  private readonly witness: Required<Witness>;
  private readonly operators: Map<string, Operator>;
  private readonly cells: Map<string, Cell>;
  private readonly lines: Map<string, { readonly line: Broadband; readonly calendar: Calendar<LinkWindow> }>;
  private readonly homes: Map<string, Home>;

  /** `residents` as `residentsOf` names them for this seed. */
  constructor(scenario: Scenario, seed: number, residents: readonly Resident[], witness: Required<Witness>) {
    this.scenario = scenario;
    this.seed = seed;
    this.witness = witness;
    this.queue = new EventQueue();
    this.digest = new Digest();
    this.network = new Network(this.queue, seed);
    this.air = new Air(this.queue, {
      seed,
      lossPpm: scenario.world.radioLossPpm,
      neighbourLossPpm,
      observe: (fate, device, bytes) => this.digest.lane(`air ${device.name}`).bytes(this.queue.nowMs, fate, bytes),
    });
    this.operators = new Map();
    this.cells = new Map();
    this.lines = new Map();
    this.homes = new Map();
    this.buildNetworks();
    this.receivers = scenario.world.receivers.map((options, index) => this.buildReceiver(options, index));
    this.residents = residents;
    for (const resident of this.residents) this.moveIn(resident);
    this.planFaults();
    this.planPresses();
  }

  /** A person presses that unit's button (from 1) now. A unit that is not switched on yet hears nothing. */
  press(unit: string, button: number): void {
    this.homes.get(unit)?.press(button);
  }

  /** Undefined where no unit has this name, or it is not switched on yet. */
  home(unit: string): Home | undefined {
    return this.homes.get(unit);
  }

  private buildNetworks(): void {
    const { operators, cells, broadband } = this.scenario.world;
    operators.forEach((options, index) => {
      const operator = new Operator({
        name: options.name,
        plmn: `2400${index + 1}`,
        delay: options.delay,
        lossPpm: options.lossPpm,
        clockErrorMs: 0,
      });
      this.operators.set(options.name, operator);
      this.cells.set(`operator ${options.name}`, new Cell(options.name, operator, options.generation));
    });
    for (const options of cells) {
      const operator = found(this.operators, options.operator);
      const generation = operators.find(({ name }) => name === options.operator)?.generation ?? "4g";
      this.cells.set(`cell ${options.name}`, new Cell(options.name, operator, generation));
    }
    for (const { name, delay, lossPpm } of broadband) {
      const calendar = new Calendar<LinkWindow>();
      this.lines.set(name, {
        calendar,
        line: new Broadband(this.queue, { name, delay, lossPpm, calendars: [calendar] }),
      });
    }
  }

  private buildReceiver(options: ScenarioReceiver, index: number): Receiver {
    const clock = new SimClock(this.queue);
    const chance = new Stream(this.seed, "receiver", index);
    const lane = this.digest.lane(`receiver ${options.name}`);
    const address = { host: options.host, port: options.port };
    const place = this.network.attach(options.host, perfectAccess, (bytes, from) => {
      lane.bytes(this.queue.nowMs, "received", bytes);
      receiver.receive(bytes, from, "udp");
    });
    const receiver: Receiver = new Receiver(
      {
        nowMs: () => this.queue.nowMs,
        wallMs: () => this.scenario.startWallMs + this.queue.nowMs,
        after: (delayMs, callback) => clock.after(delayMs, callback),
        below: (n) => chance.below(n),
        send: (bytes, to) => {
          lane.bytes(this.queue.nowMs, "sent", bytes);
          place.send(bytes, options.port, to);
        },
      },
      {
        name: options.name,
        address,
        mode: options.mode,
        latencyMs: { least: options.latency.leastMs, most: options.latency.mostMs },
        digest: options.digest ? { user: sharedUser, password: sharedPassword, realm } : undefined,
        ours: () => true,
        onEvent: (event) => this.witness.receiverTold(this.queue.nowMs, index, event),
        onSign: (sign) => this.witness.receiverSigned(this.queue.nowMs, index, sign),
      },
    );
    return receiver;
  }

  private moveIn(resident: Resident): void {
    const atMs = new Stream(this.seed, "switched on", resident.index).below(switchOnMs);
    const around: Surroundings = {
      seed: this.seed,
      queue: this.queue,
      network: this.network,
      air: this.air,
      digest: this.digest,
      witness: this.witness,
    };
    this.queue.at(atMs, () => {
      const { broadband, mobile } = resident.group;
      const line = broadband === undefined ? undefined : found(this.lines, broadband).line;
      const home = new Home(around, {
        index: resident.index,
        name: resident.name,
        settings: this.settingsOf(resident),
        broadband: line === undefined ? undefined : { line, address: unitAddress("broadband", resident.index) },
        bearer: mobile === undefined ? undefined : this.subscribe(resident, mobile),
      });
      this.homes.set(resident.name, home);
    });
  }

  private subscribe(resident: Resident, mobile: NonNullable<FleetGroup["mobile"]>): Subscriber {
    const cell = found(this.cells, mobile.cell === undefined ? `operator ${mobile.operator}` : `cell ${mobile.cell}`);
    const signal = this.scenario.world.cells.find(({ name }) => name === mobile.cell)?.signal ?? usualSignal;
    return new Subscriber(this.queue, this.network, this.seed, {
      name: resident.name,
      home: found(this.operators, mobile.operator),
      roaming: false,
      reach: [{ cell, signal }],
      address: unitAddress("mobile", resident.index),
      registration: usualRegistration,
      startWallMs: this.scenario.startWallMs,
    });
  }

  private settingsOf(resident: Resident): UnitSettings {
    return {
      cid: resident.cid,
      domain: realm,
      policy: resident.group.policy,
      receivers: resident.group.receivers.map((name) => this.addressOf(name)),
      localPort: 5060,
      modem: noModem,
      staggerMs: defaultStaggerMs,
      bonds: resident.bonds,
    };
  }

  private addressOf(name: string): ReceiverAddress {
    const options = this.scenario.world.receivers.find((receiver) => receiver.name === name);
    if (options === undefined) throw new Error(`world: there is no receiver ${name}`);
    return {
      uri: `sip:larm@${realm}`,
      host: options.host,
      port: options.port,
      user: sharedUser,
      password: options.digest ? sharedPassword : "",
      answerFrom: [],
    };
  }

  private planFaults(): void {
    const indexOf = (name: string): number => this.scenario.world.receivers.findIndex((one) => one.name === name);
    for (const fault of this.scenario.faults) {
      if (fault.object === "receiver") {
        const receiver = this.receivers[indexOf(fault.name)] as Receiver;
        const usual = this.scenario.world.receivers[indexOf(fault.name)]?.mode ?? "normal";
        this.queue.at(fault.fromMs, () => receiver.setMode(fault.fault));
        if (fault.toMs < this.scenario.durationMs) this.queue.at(fault.toMs, () => receiver.setMode(usual));
        continue;
      }
      const { fromMs, extraDelayMs, lossPpm } = fault;
      const toMs = fault.toMs < this.scenario.durationMs ? fault.toMs : undefined;
      this.calendarOf(fault.object, fault.name).add({ fromMs, toMs, fault: fault.fault, extraDelayMs, lossPpm });
    }
  }

  private calendarOf(object: "operator" | "cell" | "broadband", name: string): Calendar<LinkWindow> {
    if (object === "operator") return found(this.operators, name).calendar;
    return object === "cell" ? found(this.cells, `cell ${name}`).calendar : found(this.lines, name).calendar;
  }

  private planPresses(): void {
    for (const { atMs, press } of this.scenario.timeline)
      this.queue.at(atMs, () => this.press(press.unit, press.button));
    for (const { atMs, unit, button } of pressesOf(this.scenario, this.seed, this.residents)) {
      this.queue.at(atMs, () => this.press(unit, button));
    }
  }
}

function found<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`world: there is no ${name}`);
  return value;
}
