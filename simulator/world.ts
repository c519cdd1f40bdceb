/** A scenario come to life: operators, lines, receivers, homes and their people on one event queue. */
import type { Endpoint } from "../firmware/ports/socket.ts";
import { defaultStaggerMs, type UnitSettings } from "../firmware/settings.ts";
import type { ReceiverAddress } from "../firmware/sip/receiver-address.ts";
import { Air } from "./air/air.ts";
import { Digest } from "./core/digest.ts";
import { EventQueue } from "./core/event-queue.ts";
import { Stream } from "./core/prng.ts";
import { SimClock } from "./core/sim-clock.ts";
import { Home, type Surroundings } from "./home.ts";
import { PowerArea } from "./house/power-area.ts";
import { Cell, Operator, Subscriber, usualRegistration } from "./network/mobile.ts";
import { Broadband, Network, perfectAccess, routeOfAddress, unitAddress } from "./network/network.ts";
import { Calendar, type LinkWindow } from "./network/outage.ts";
import { TcpStack } from "./network/sim-tcp.ts";
import { tcpPorts } from "./network/tcp-connection.ts";
import { Receiver } from "./peers/receiver.ts";
import { ReceiverStreams } from "./peers/receiver-streams.ts";
import type { ReceiverTransport } from "./peers/receiver-transactions.ts";
import type { Witness } from "./record/witness.ts";
import { pressesOf, type Resident } from "./residents.ts";
import type { FleetGroup, Scenario, ScenarioReceiver, TimelineStep } from "./scenario/scenario.ts";
import { Telephony } from "./telephony.ts";

const realm = "larm.example";
const sharedUser = "livlina";
const sharedPassword = "prov-larm";
const usualSignal = 20;
const neighbourLossPpm = 400_000;
/** Homes are switched on within this time after the start of the run. */
const switchOnMs = 60_000;
const noModem = { apn: "larm", user: "", password: "", pin: "" };

/** A provider's broadband: to routers whose mains never goes, and to those in each power area. */
interface Line {
  readonly calendar: Calendar<LinkWindow>;
  readonly line: Broadband;
  readonly inArea: ReadonlyMap<string, Broadband>;
}

export class World {
  readonly queue: EventQueue;
  readonly digest: Digest;
  readonly air: Air;
  readonly residents: readonly Resident[];
  readonly receivers: readonly Receiver[];
  readonly telephony: Telephony;
  private readonly scenario: Scenario;
  private readonly seed: number;
  private readonly network: Network;
  private readonly witness: Required<Witness>;
  private readonly operators: Map<string, Operator>;
  private readonly cells: Map<string, Cell>;
  private readonly lines: Map<string, Line>;
  private readonly areas: Map<string, PowerArea>;
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
    this.areas = new Map();
    this.homes = new Map();
    for (const name of scenario.world.power) this.areas.set(name, new PowerArea(this.queue, name));
    this.buildNetworks();
    this.telephony = new Telephony(this.queue, scenario, residents);
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
      const lineOf = (calendars: readonly Calendar<LinkWindow>[]): Broadband =>
        new Broadband(this.queue, { name, delay, lossPpm, calendars });
      this.lines.set(name, {
        calendar,
        line: lineOf([calendar]),
        inArea: new Map([...this.areas.values()].map((area) => [area.name, lineOf([calendar, area.calendar])])),
      });
    }
  }

  private buildReceiver(options: ScenarioReceiver, index: number): Receiver {
    const clock = new SimClock(this.queue);
    const chance = new Stream(this.seed, "receiver", index);
    const lane = this.digest.lane(`receiver ${options.name}`);
    const address = { host: options.host, port: options.port };
    const { transport, certificate } = options;
    const streams = new ReceiverStreams({
      port: options.port,
      certificate: transport === "tls" ? { name: options.hostName ?? options.host, state: certificate } : undefined,
      admits: (from) => receiver.admits(from),
      onMessage: (bytes, from, over) => hear(bytes, from, over),
    });
    const hear = (bytes: Uint8Array, from: Endpoint, over: ReceiverTransport): void => {
      this.witness.packet(this.queue.nowMs, index, "received", bytes, from, over);
      receiver.receive(bytes, from, over);
    };
    const tcp = new TcpStack({
      after: (delayMs, callback) => clock.after(delayMs, callback),
      send: (bytes, fromPort, to) => place.send(bytes, fromPort, to),
    });
    tcp.listen(streams.listener);
    const place = this.network.attach(options.host, perfectAccess, (bytes, from, toPort) => {
      lane.bytes(this.queue.nowMs, "received", bytes);
      if (toPort >= tcpPorts) tcp.hear(bytes, from, toPort);
      else hear(bytes, from, "udp");
    });
    if (options.hostName !== undefined) this.network.name(options.hostName, options.host);
    const receiver: Receiver = new Receiver(
      {
        nowMs: () => this.queue.nowMs,
        wallMs: () => this.scenario.startWallMs + this.queue.nowMs,
        after: (delayMs, callback) => clock.after(delayMs, callback),
        below: (n) => chance.below(n),
        send: (bytes, to, over) => {
          lane.bytes(this.queue.nowMs, "sent", bytes);
          this.witness.packet(this.queue.nowMs, index, "sent", bytes, to, over);
          if (over === "udp") place.send(bytes, options.port, to);
          else streams.send(bytes, to);
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
        ...this.telephony.receiverOptions(options, (part, what) => lane.effect(this.queue.nowMs, part, what)),
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
      const { broadband, mobile, power } = resident.group;
      const line = broadband === undefined ? undefined : this.lineTo(broadband, power);
      const home = new Home(around, {
        index: resident.index,
        name: resident.name,
        settings: this.settingsOf(resident),
        broadband: line === undefined ? undefined : { line, address: unitAddress("broadband", resident.index) },
        bearer: mobile === undefined ? undefined : this.subscribe(resident, mobile),
        area: power === undefined ? undefined : found(this.areas, power),
        telephones: this.telephony.telephonesOf(resident),
      });
      this.homes.set(resident.name, home);
    });
  }

  private lineTo(broadband: string, power: string | undefined): Broadband {
    const { line, inArea } = found(this.lines, broadband);
    return power === undefined ? line : found(inArea, power);
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
    const voice = this.telephony.settingsOf(resident, this.scenario.world.receivers);
    return {
      ...(voice === undefined ? {} : { voice }),
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
      host: options.hostName ?? options.host,
      address: options.host,
      port: options.port,
      transport: options.transport,
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
        const { over, fault: mode } = fault;
        const usual = this.scenario.world.receivers[indexOf(fault.name)]?.mode ?? "normal";
        const begin = over === undefined ? () => receiver.setMode(mode) : () => receiver.setModeFor(isOver(over), mode);
        const end =
          over === undefined ? () => receiver.setMode(usual) : () => receiver.setModeFor(isOver(over), undefined);
        this.queue.at(fault.fromMs, begin);
        if (fault.toMs < this.scenario.durationMs) this.queue.at(fault.toMs, end);
        continue;
      }
      const toMs = fault.toMs < this.scenario.durationMs ? fault.toMs : undefined;
      if (fault.object === "power") {
        found(this.areas, fault.name).cut(fault.fromMs, toMs);
        continue;
      }
      const { fromMs, extraDelayMs, lossPpm } = fault;
      this.calendarOf(fault.object, fault.name).add({ fromMs, toMs, fault: fault.fault, extraDelayMs, lossPpm });
    }
  }

  private calendarOf(object: "operator" | "cell" | "broadband", name: string): Calendar<LinkWindow> {
    if (object === "operator") return found(this.operators, name).calendar;
    return object === "cell" ? found(this.cells, `cell ${name}`).calendar : found(this.lines, name).calendar;
  }

  /** What people do. Homes that are not switched on yet are out of it. */
  private live(step: TimelineStep): void {
    if ("press" in step) this.press(step.press.unit, step.press.button);
    else if ("key" in step) this.homes.get(step.key.unit)?.key(step.key.name, step.key.hold);
    else this.homes.get(step.buttonBattery.unit)?.button(step.buttonBattery.button).changeBattery();
  }

  private planPresses(): void {
    for (const step of this.scenario.timeline) this.queue.at(step.atMs, () => this.live(step));
    for (const { atMs, unit, button } of pressesOf(this.scenario, this.seed, this.residents)) {
      this.queue.at(atMs, () => this.press(unit, button));
    }
  }
}

function isOver(route: "mobile" | "broadband"): (from: Endpoint) => boolean {
  return ({ host }) => routeOfAddress(host) === route;
}

function found<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`world: there is no ${name}`);
  return value;
}
