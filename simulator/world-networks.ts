/** The networks of a scenario: mobile, broadband and power areas, what goes wrong with them, and each home's place in them. */
import type { Air } from "./air/air.ts";
import type { EventQueue } from "./core/event-queue.ts";
import { Stream } from "./core/prng.ts";
import { PowerArea } from "./house/power-area.ts";
import { timesWithout, withStart } from "./network/backup.ts";
import { isHit } from "./network/fault-share.ts";
import { Subscriber, usualRegistration } from "./network/mobile.ts";
import { Broadband, type Network, unitAddress } from "./network/network.ts";
import { Calendar, type LinkWindow } from "./network/outage.ts";
import { Uplink } from "./network/uplink.ts";
import type { Resident } from "./residents.ts";
import { cutsOf } from "./scenario/cuts.ts";
import type { ScenarioFault } from "./scenario/fault.ts";
import type { GroupMobile, MobilePlace } from "./scenario/fleet.ts";
import type { Scenario, ScenarioBroadband, Span } from "./scenario/scenario.ts";
import { darkness, found, Masts, withoutMains } from "./world-masts.ts";

type LinkFaultOf<Object extends ScenarioFault["object"]> = Extract<ScenarioFault, { readonly object: Object }>;
export type NetworkFault = LinkFaultOf<"operator" | "cell" | "broadband" | "power" | "building">;

/** A provider's broadband, and the lines of those homes that share all of their luck. */
interface Provider {
  readonly options: ScenarioBroadband;
  readonly calendar: Calendar<LinkWindow>;
  /** Of its cabinet in the street. */
  readonly mains: Calendar<LinkWindow> | undefined;
  readonly lines: Map<string, Broadband>;
}

/** Everything between homes and receivers that many of them share. */
export class Networks {
  private readonly queue: EventQueue;
  private readonly network: Network;
  private readonly air: Air;
  private readonly scenario: Scenario;
  private readonly seed: number;
  private readonly masts: Masts;
  private readonly providers: Map<string, Provider>;
  private readonly areas: Map<string, PowerArea>;
  /** By unit: where a cut hits only some of an area's homes, each has an area of its own. */
  private readonly ownAreas: Map<number, PowerArea>;

  constructor(queue: EventQueue, network: Network, air: Air, scenario: Scenario, seed: number) {
    this.queue = queue;
    this.network = network;
    this.air = air;
    this.scenario = scenario;
    this.seed = seed;
    this.providers = new Map();
    this.areas = new Map();
    this.ownAreas = new Map();
    for (const name of scenario.world.power) this.areas.set(name, new PowerArea(queue, name));
    this.masts = new Masts(scenario);
    for (const options of scenario.world.broadband) {
      const mains = withoutMains(scenario, options.mains);
      this.providers.set(options.name, { options, calendar: new Calendar(), mains, lines: new Map() });
    }
  }

  /** Where a home has its mains from; undefined: it never goes. */
  areaOf(resident: Resident): PowerArea | undefined {
    const { power } = resident.group;
    if (power === undefined) return undefined;
    if (!this.scenario.faults.some((fault) => isOn(fault, "power", power) && fault.share !== undefined))
      return found(this.areas, power);
    let area = this.ownAreas.get(resident.index);
    if (area === undefined) {
      area = new PowerArea(this.queue, power);
      for (const { fromMs, toMs } of this.cutsOf(resident, power)) area.cut(fromMs, this.untilMs(toMs));
      this.ownAreas.set(resident.index, area);
    }
    return area;
  }

  /** The broadband of a home; undefined where it has none. */
  lineOf(resident: Resident): Broadband | undefined {
    const { broadband, power, routerBatteryMs } = resident.group;
    if (broadband === undefined) return undefined;
    const provider = found(this.providers, broadband);
    const own = this.ownFaults(resident, "broadband", broadband);
    const startsAlone = power !== undefined && provider.options.routerStart !== undefined;
    const isAlone = own !== undefined || startsAlone || this.areaOf(resident) !== (power && this.areas.get(power));
    const key = isAlone ? resident.name : `in ${power ?? "no area"}, ${routerBatteryMs}`;
    let line = provider.lines.get(key);
    if (line === undefined) {
      line = this.build(provider, resident, own);
      provider.lines.set(key, line);
    }
    return line;
  }

  /** The SIM of a home. */
  subscribe(resident: Resident, mobile: GroupMobile): Subscriber {
    const places = this.masts.places(mobile);
    return new Subscriber(this.queue, this.network, this.seed, {
      name: resident.name,
      home: this.masts.operator(mobile.operator),
      roaming: places.length > 1,
      reach: places.flatMap((place) =>
        this.masts.reach(place, mobile.generations).map((reach) => ({ ...reach, own: this.ownOf(resident, place) })),
      ),
      address: unitAddress("mobile", resident.index),
      registration: usualRegistration,
      startWallMs: this.scenario.startWallMs,
    });
  }

  /** The codes of the networks that a home's modem may be told to use beside its own; empty where it has no choice. */
  networksOf({ group }: Resident): readonly string[] {
    return group.mobile === undefined ? [] : this.masts.networks(group.mobile);
  }

  /** Puts the fault into the calendar of its object. What hits only some of the homes there is put into theirs. */
  plan(fault: NetworkFault): void {
    const { fromMs } = fault;
    const toMs = this.untilMs(fault.toMs);
    if (fault.object === "building") this.air.jamming(fault.name).add({ fromMs, toMs, lossPpm: fault.lossPpm });
    else if (fault.share !== undefined) return;
    else if (fault.object === "power") found(this.areas, fault.name).cut(fromMs, toMs);
    else if (fault.object === "broadband") found(this.providers, fault.name).calendar.add({ ...fault, toMs });
    else this.masts.calendarOf(fault).add({ ...fault, toMs });
  }

  /** Begins now what nobody had planned. False: something here had to know of it from the beginning. */
  begin(fault: NetworkFault): boolean {
    if (!this.takesLate(fault)) return false;
    this.plan(fault);
    return true;
  }

  /** Ends what began at `fault.fromMs`; false as there. */
  end(fault: NetworkFault, atMs: number): boolean {
    if (!this.takesLate(fault)) return false;
    const { object, name, fromMs } = fault;
    if (object === "building") this.air.jamming(name).end(fromMs, atMs);
    else if (object === "power") found(this.areas, name).calendar.end(fromMs, atMs);
    else if (object === "broadband") found(this.providers, name).calendar.end(fromMs, atMs);
    else this.masts.calendarOf(fault).end(fromMs, atMs);
    return true;
  }

  private takesLate({ object, name, share }: NetworkFault): boolean {
    return share === undefined && !(object === "power" && this.isBackedUp(name));
  }

  /** Whether batteries, generators or starting routers there were worked out from all cuts of the run. */
  private isBackedUp(area: string): boolean {
    const { world, fleet, faults } = this.scenario;
    const starts = (name: string | undefined): boolean =>
      world.broadband.some((each) => each.name === name && each.routerStart !== undefined);
    return (
      [...world.cells, ...world.broadband].some(({ mains }) => mains?.area === area) ||
      fleet.some(
        ({ power, routerBatteryMs, broadband }) => power === area && (routerBatteryMs > 0 || starts(broadband)),
      ) ||
      faults.some((fault) => isOn(fault, "power", area) && fault.share !== undefined)
    );
  }

  private build(provider: Provider, resident: Resident, own: Calendar<LinkWindow> | undefined): Broadband {
    const { options, calendar, mains } = provider;
    const { name, delay, lossPpm, uplink } = options;
    const calendars = [calendar, this.routerOf(resident, options.routerStart), mains, own].filter(
      (each) => each !== undefined,
    );
    const behind = uplink && new Uplink(this.masts.reach(uplink));
    return new Broadband(this.queue, { name, delay, lossPpm, calendars, uplink: behind });
  }

  /** When the router of a home has no power, or is not ready after it. */
  private routerOf(resident: Resident, start: Span | undefined): Calendar<LinkWindow> | undefined {
    const { power, routerBatteryMs } = resident.group;
    if (power === undefined || (routerBatteryMs === 0 && start === undefined)) return this.areaOf(resident)?.calendar;
    const backup = { batteryMs: routerBatteryMs, generatorAfterMs: undefined };
    const draw = new Stream(this.seed, "router start", resident.index);
    const startMs = start === undefined ? 0 : draw.between(start.leastMs, start.mostMs);
    const times = timesWithout(this.cutsOf(resident, power), backup);
    return darkness(withStart(times, startMs), this.scenario.durationMs);
  }

  private cutsOf(resident: Resident, area: string): readonly ScenarioFault[] {
    return cutsOf(this.scenario.faults, area, { seed: this.seed, index: resident.index });
  }

  /** At a place in the mobile network; undefined where all who are there share their luck. */
  private ownOf(resident: Resident, { operator, cell }: MobilePlace): readonly Calendar<LinkWindow>[] | undefined {
    const calendars = [
      this.ownFaults(resident, "operator", operator),
      cell === undefined ? undefined : this.ownFaults(resident, "cell", cell),
    ].filter((each) => each !== undefined);
    return calendars.length === 0 ? undefined : calendars;
  }

  /** The faults of an object that hit this home and not all; undefined where there is none such. */
  private ownFaults(
    resident: Resident,
    object: "operator" | "cell" | "broadband",
    name: string,
  ): Calendar<LinkWindow> | undefined {
    let calendar: Calendar<LinkWindow> | undefined;
    for (const fault of this.scenario.faults) {
      if (fault.share === undefined || !isOn(fault, object, name)) continue;
      calendar ??= new Calendar();
      if (isHit(fault, this.seed, resident.index)) calendar.add({ ...fault, toMs: this.untilMs(fault.toMs) });
    }
    return calendar;
  }

  /** What lasts to the end of the run is for good. */
  private untilMs(toMs: number): number | undefined {
    return toMs < this.scenario.durationMs ? toMs : undefined;
  }
}

function isOn<const Object extends NetworkFault["object"]>(
  fault: ScenarioFault,
  object: Object,
  name: string,
): fault is LinkFaultOf<Object> {
  return fault.object === object && fault.name === name;
}
