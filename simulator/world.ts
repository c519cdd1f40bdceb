/** A scenario come to life: operators, lines, receivers, homes and their people on one event queue. */
import { defaultStaggerMs, type UnitSettings } from "../firmware/settings.ts";
import type { ReceiverAddress } from "../firmware/sip/receiver-address.ts";
import { Air } from "./air/air.ts";
import type { ModemLevel } from "./coarse/modem-level.ts";
import { Digest } from "./core/digest.ts";
import { EventQueue } from "./core/event-queue.ts";
import { Stream } from "./core/prng.ts";
import { pressesOf, stepsOf } from "./habits.ts";
import { Home, type Surroundings } from "./home.ts";
import { homePlace, homeSettings } from "./home-settings.ts";
import { playStep } from "./home-steps.ts";
import { Network, unitAddress } from "./network/network.ts";
import type { Receiver } from "./peers/receiver.ts";
import { People } from "./people.ts";
import type { Witness } from "./record/witness.ts";
import type { Resident } from "./residents.ts";
import type { ScenarioFault } from "./scenario/fault.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { type TimelineStep, unitOf } from "./scenario/timeline.ts";
import { plainStarters, type Starters } from "./starters.ts";
import { Strangers } from "./strangers.ts";
import { Telephony } from "./telephony.ts";
import { Networks } from "./world-networks.ts";
import {
  buildReceiver,
  planReceiverFault,
  type ReceiverSurroundings,
  realm,
  sharedPassword,
  sharedUser,
  turnOf,
} from "./world-receivers.ts";
import { planUnitFault, type UnitFaultSurroundings } from "./world-unit-faults.ts";

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
  readonly telephony: Telephony;
  private readonly scenario: Scenario;
  private readonly seed: number;
  private readonly network: Network;
  private readonly witness: Required<Witness>;
  private readonly networks: Networks;
  private readonly strangers: Strangers;
  private readonly homes: Map<string, Home>;
  private readonly starters: Starters;
  private readonly modem: ModemLevel;

  /** `residents` as `residentsOf` names them for this seed. */
  constructor(
    scenario: Scenario,
    seed: number,
    residents: readonly Resident[],
    witness: Required<Witness>,
    starters = plainStarters,
    modem: ModemLevel = "bytes",
  ) {
    this.scenario = scenario;
    this.starters = starters;
    this.modem = modem;
    this.seed = seed;
    this.queue = new EventQueue();
    const people = new People(this.queue, scenario, seed, residents, (step) => this.act(step));
    this.witness = people.listening(witness);
    this.digest = new Digest();
    if (modem !== "bytes") this.digest.lane("modems").effect(0, "level", { modem });
    this.network = new Network(this.queue, seed);
    this.air = new Air(this.queue, {
      seed,
      lossPpm: scenario.world.radioLossPpm,
      neighbourLossPpm,
      observe: (fate, device, bytes) => {
        this.digest.lane(`air ${device.name}`).bytes(this.queue.nowMs, fate, bytes);
        if (fate !== "sent") return;
        this.witness.radioed(this.queue.nowMs, device.name, bytes);
        this.strangers.overheardOnAir(device, bytes);
      },
    });
    this.networks = new Networks(this.queue, this.network, this.air, scenario, seed);
    this.homes = new Map();
    this.telephony = new Telephony(this.queue, scenario, residents, this.witness);
    const { queue, network, digest, telephony, air } = this;
    this.strangers = new Strangers({ queue, network, air, seed, realm, residents, scenario });
    const around: ReceiverSurroundings = {
      queue,
      network,
      digest,
      witness: this.overheard(this.witness),
      telephony,
      seed,
      startWallMs: scenario.startWallMs,
      durationMs: scenario.durationMs,
    };
    this.receivers = scenario.world.receivers.map((options, index) => buildReceiver(around, options, index));
    this.residents = residents;
    for (const resident of this.residents) this.moveIn(resident);
    for (const fault of scenario.faults)
      if (fault.object === "receiver") planReceiverFault(queue, scenario, this.receivers, seed, fault);
      else if (fault.object === "strangers") this.strangers.plan(fault);
      else if ("units" in fault) planUnitFault(this.unitsAround(), fault);
      else this.networks.plan(fault);
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

  /** Begins now, at its `fromMs`, what nobody had planned. False: it cannot, since something had to know of it beforehand. */
  begin(fault: ScenarioFault): boolean {
    const { queue, scenario, receivers, seed } = this;
    if (fault.object === "strangers" || fault.fault === "power-cuts") return false;
    if (fault.object !== "receiver" && !("units" in fault)) return this.networks.begin(fault);
    if ("units" in fault) planUnitFault(this.unitsAround(), fault);
    else planReceiverFault(queue, scenario, receivers, seed, fault);
    return true;
  }

  /** Ends now what `begin` has begun; false as there. */
  end(fault: ScenarioFault): boolean {
    if (fault.object === "strangers" || "units" in fault) return false;
    if (fault.object !== "receiver") return this.networks.end(fault, this.queue.nowMs);
    turnOf(this.scenario, this.receivers, this.seed, fault)(false);
    return true;
  }

  /** What comes to receivers is overheard by strangers, too. */
  private overheard(witness: Required<Witness>): Required<Witness> {
    return {
      ...witness,
      receiverTold: (atMs, receiver, event) => {
        witness.receiverTold(atMs, receiver, event);
        this.strangers.overheard(receiver, event);
      },
    };
  }

  private unitsAround(): UnitFaultSurroundings {
    const { queue, seed, residents } = this;
    return {
      queue,
      seed,
      durationMs: this.scenario.durationMs,
      home: (unit) => this.homes.get(unit),
      indexOf: (unit) => residents.findIndex(({ name }) => name === unit),
    };
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
      starters: this.starters,
      modem: this.modem,
    };
    this.queue.at(atMs, () => {
      const { mobile } = resident.group;
      const line = this.networks.lineOf(resident);
      const home = new Home(around, {
        index: resident.index,
        name: resident.name,
        settings: this.settingsOf(resident),
        broadband: line === undefined ? undefined : { line, address: unitAddress("broadband", resident.index) },
        bearer: mobile === undefined ? undefined : this.networks.subscribe(resident, mobile),
        area: this.networks.areaOf(resident),
        telephones: this.telephony.telephonesOf(resident),
        ...homePlace(resident),
      });
      this.homes.set(resident.name, home);
    });
  }

  private settingsOf(resident: Resident): UnitSettings {
    const { provenWithinS } = resident.group;
    const voice = this.telephony.settingsOf(resident, this.scenario.world.receivers);
    return {
      ...(voice === undefined ? {} : { voice }),
      cid: resident.cid,
      domain: realm,
      policy: resident.group.policy,
      receivers: resident.group.receivers.map((name) => this.addressOf(name)),
      localPort: 5060,
      modem: { ...noModem, operators: this.networks.networksOf(resident) },
      staggerMs: defaultStaggerMs,
      ...(provenWithinS === undefined ? {} : { provenWithinS }),
      ...homeSettings(resident, this.seed),
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

  /** People do this now. Homes that are not switched on yet are out of it. */
  act(step: TimelineStep): void {
    const home = this.homes.get(unitOf(step));
    if (home !== undefined) playStep(home, step);
  }

  private planPresses(): void {
    const { scenario, seed, residents } = this;
    for (const step of [...scenario.timeline, ...stepsOf(scenario, seed, residents)])
      this.queue.at(step.atMs, () => this.act(step));
    for (const { atMs, unit, button } of pressesOf(scenario, seed, residents)) {
      this.queue.at(atMs, () => this.press(unit, button));
    }
  }
}
