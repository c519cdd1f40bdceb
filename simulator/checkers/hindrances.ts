/** What the scenario says of a moment: whether anything stood between a unit and the world, or between it and a receiver. */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { joined, timesWithout, withStart } from "../network/backup.ts";
import { isHit } from "../network/fault-share.ts";
import { routeOfAddress } from "../network/network.ts";
import type { Resident } from "../residents.ts";
import { cutsOf } from "../scenario/cuts.ts";
import { type Generation, generations, type ScenarioFault } from "../scenario/fault.ts";
import type { MobilePlace } from "../scenario/fleet.ts";
import type { Backup, Scenario } from "../scenario/scenario.ts";
import { cutsOff } from "../scenario/unit-fault.ts";

/** Both ends included. */
interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One generation of a network, where a modem or a router can use it. */
interface Way extends MobilePlace {
  readonly generation: Generation;
}

/** One packet in fifty. */
const littlePpm = 20_000;

export class Hindrances {
  private readonly faults: readonly ScenarioFault[];
  private readonly world: Scenario["world"];
  private readonly seed: number | undefined;
  private readonly receivers: readonly string[];
  /** Receivers whose certificate no unit takes: nothing leaves for them over broadband. */
  private readonly strange: ReadonlySet<string>;
  /** All times at which any fault lasts, with what may need a while afterwards; by their beginning, none touches another. */
  private readonly troubled: readonly Window[];
  /** By group: whether its units are cut off on a day without faults. */
  private readonly apartAnyway: Map<Resident["group"], boolean>;

  /** Without the seed of the run, a fault that hits only some units is taken to hit all of them. */
  constructor(scenario: Pick<Scenario, "faults" | "world">, seed?: number) {
    this.faults = scenario.faults;
    this.world = scenario.world;
    this.seed = seed;
    this.receivers = scenario.world.receivers.map(({ name }) => name);
    const strange = scenario.world.receivers.filter((one) => one.transport === "tls" && one.certificate === "foreign");
    this.strange = new Set(strange.map(({ name }) => name));
    const starts = scenario.world.broadband.map(({ routerStart }) => routerStart?.mostMs ?? 0);
    this.troubled = withStart(joined(scenario.faults), Math.max(0, ...starts));
    this.apartAnyway = new Map();
  }

  /** The same without the power cuts of units, for those who see each of them. */
  withoutCuts(): Hindrances {
    const faults = this.faults.filter(({ fault }) => fault !== "power-cuts");
    return new Hindrances({ faults, world: this.world }, this.seed);
  }

  /** Whether each route of the unit, wherever its modem may be served, had a fault of some kind within the window. */
  isCutOff(resident: Resident, fromMs: number, toMs: number): boolean {
    const window = { fromMs, toMs };
    if (this.hadItself(resident, "all", window)) return true;
    return this.lostMobile(resident, window, false) && this.lostBroadband(resident, window);
  }

  /**
   * Whether that receiver (its place in the world) misbehaved, or the unit was cut off, within the window. A modem that
   * must look for another network, or share its cell with too many, counts as cut off here.
   */
  isApart(resident: Resident, receiver: number, fromMs: number, toMs: number): boolean {
    const window = { fromMs, toMs };
    // Asked at every beat, and most of them come on a calm day.
    if (!this.isTroubled(window)) return this.isApartAnyway(resident);
    return this.wasApart(resident, receiver, window);
  }

  private isTroubled(window: Window): boolean {
    const { troubled } = this;
    let low = 0;
    let high = troubled.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((troubled[middle] as Window).toMs < window.fromMs) low = middle + 1;
      else high = middle;
    }
    const next = troubled[low];
    return next !== undefined && overlap(next, window);
  }

  private isApartAnyway(resident: Resident): boolean {
    const known = this.apartAnyway.get(resident.group);
    if (known !== undefined) return known;
    const never = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY };
    const isApart = this.wasApart(resident, -1, never);
    this.apartAnyway.set(resident.group, isApart);
    return isApart;
  }

  private wasApart(resident: Resident, receiver: number, window: Window): boolean {
    return (
      this.had("receiver", this.receivers[receiver], resident, window) ||
      this.hadItself(resident, "all", window) ||
      (this.lostMobile(resident, window, true) && this.lostBroadband(resident, window))
    );
  }

  /**
   * Whether that route to that receiver (its place in the world) had no fault of any kind within the window, and loses little at
   * other times: no shared cell, no modem that must look for a network.
   */
  isClear(resident: Resident, route: "broadband" | "mobile", receiver: number, fromMs: number, toMs: number): boolean {
    const window = { fromMs, toMs };
    const { group } = resident;
    const name = this.receivers[receiver];
    if (name === undefined || !group.receivers.includes(name)) return false;
    if (this.had("receiver", name, resident, window) || this.hadItself(resident, "all", window)) return false;
    if (route === "mobile") {
      const operator = this.world.operators.find((one) => one.name === group.mobile?.operator);
      return operator !== undefined && operator.lossPpm <= littlePpm && !this.lostMobile(resident, window, true);
    }
    const provider = this.world.broadband.find((one) => one.name === group.broadband);
    if (provider === undefined || provider.lossPpm > littlePpm || provider.uplink !== undefined) return false;
    return !this.strange.has(name) && !this.lostBroadband(resident, window);
  }

  /** Whether no unit takes the certificate of that receiver (its place in the world): what it says over broadband accepts nothing. */
  isStrange(receiver: number): boolean {
    return this.strange.has(this.receivers[receiver] ?? "");
  }

  /** Whether what went there is a stranger's business: over TLS and broadband. A modem that carries TLS itself asks for no certificate. */
  isUnproven(receiver: number, { host }: Endpoint, transport: string): boolean {
    return this.isStrange(receiver) && transport === "tls" && routeOfAddress(host) === "broadband";
  }

  /** Whether its modem stood still within the window: what had come to it lies there until it goes on. */
  stoodStill(resident: Resident, fromMs: number, toMs: number): boolean {
    return this.hadItself(resident, "mobile", { fromMs, toMs });
  }

  /** Whether its telephone over the mobile network may not have worked within the window. */
  lostTelephone(resident: Resident, fromMs: number, toMs: number): boolean {
    const window = { fromMs, toMs };
    return this.hadItself(resident, "all", window) || this.lostMobile(resident, window, true);
  }

  /** Whether strangers had begun by then to play back what goes over its air. */
  isPlayedBack({ group }: Resident, untilMs: number): boolean {
    return this.faults.some(
      (fault) =>
        fault.object === "strangers" &&
        fault.fault === "replayed" &&
        fault.name === group.name &&
        fault.fromMs <= untilMs,
    );
  }

  /** Whether the air around its buttons was jammed, be it in part, within the window. */
  isJammed(resident: Resident, fromMs: number, toMs: number): boolean {
    return this.had("building", resident.group.building ?? resident.name, resident, { fromMs, toMs });
  }

  /** How far off the times are that its networks may have told it up to that instant, each once; none where all are right. */
  clockErrorsMs({ group, index }: Resident, untilMs: number): readonly number[] {
    const errors = new Set<number>();
    for (const place of group.mobile === undefined ? [] : [group.mobile, ...group.mobile.roamsTo]) {
      const usual = this.world.operators.find(({ name }) => name === place.operator)?.clockErrorMs;
      if (usual !== undefined) errors.add(usual);
      for (const fault of this.faults)
        if (
          (fault.object === "operator" && fault.name === place.operator) ||
          (fault.object === "cell" && fault.name === place.cell)
        )
          if (fault.clockErrorMs !== undefined && fault.fromMs <= untilMs && isHit(fault, this.seed, index))
            errors.add(fault.clockErrorMs);
    }
    errors.delete(0);
    return [...errors];
  }

  private lostMobile(resident: Resident, window: Window, isEasily: boolean): boolean {
    const { policy, mobile } = resident.group;
    if (mobile === undefined || policy === "broadband-only" || this.hadItself(resident, "mobile", window)) return true;
    const ways = [mobile, ...mobile.roamsTo].flatMap((place) => this.waysAt(place, mobile.generations));
    const lost = (way: Way): boolean => this.lostWay(way, resident, window);
    if (!isEasily) return ways.every(lost);
    const best = ways[0];
    return best === undefined || lost(best) || this.cellOf(best)?.capacityPerSecond !== undefined;
  }

  private lostBroadband(resident: Resident, window: Window): boolean {
    const { policy, broadband, power, receivers, routerBatteryMs } = resident.group;
    if (broadband === undefined || policy === "mobile-only") return true;
    const provider = this.world.broadband.find(({ name }) => name === broadband);
    const router: Backup | undefined =
      power === undefined ? undefined : { area: power, batteryMs: routerBatteryMs, generatorAfterMs: undefined };
    const ways = provider?.uplink === undefined ? [] : this.waysAt(provider.uplink, undefined);
    return (
      receivers.every((receiver) => this.strange.has(receiver)) ||
      this.had("broadband", broadband, resident, window) ||
      this.wasDark(router, resident, window, provider?.routerStart?.mostMs) ||
      this.wasDark(provider?.mains, undefined, window) ||
      (ways.length > 0 && ways.every((way) => this.lostWay(way, resident, window)))
    );
  }

  /** Newest generation first. */
  private waysAt(place: MobilePlace, can: readonly Generation[] = generations): readonly Way[] {
    const runs =
      this.cellOf(place)?.generations ?? this.world.operators.find(({ name }) => name === place.operator)?.generations;
    return [...generations]
      .reverse()
      .filter((each) => can.includes(each) && runs?.includes(each))
      .map((generation) => ({ ...place, generation }));
  }

  private cellOf({ cell }: MobilePlace): Scenario["world"]["cells"][number] | undefined {
    return cell === undefined ? undefined : this.world.cells.find(({ name }) => name === cell);
  }

  private lostWay(way: Way, resident: Resident, window: Window): boolean {
    return (
      this.had("operator", way.operator, resident, window, way.generation) ||
      this.had("cell", way.cell, resident, window) ||
      this.wasDark(this.cellOf(way)?.mains, undefined, window)
    );
  }

  /** Whether something stood without mains, battery and generator, or was not ready after it; a home's own things share its luck in the draw. */
  private wasDark(mains: Backup | undefined, home: Resident | undefined, window: Window, startMs = 0): boolean {
    if (mains === undefined) return false;
    const cuts = cutsOf(this.faults, mains.area, home && { seed: this.seed, index: home.index });
    return withStart(timesWithout(cuts, mains), startMs).some((time) => overlap(time, window));
  }

  /** What went wrong inside the unit. */
  private hadItself(resident: Resident, what: "all" | "mobile", window: Window): boolean {
    return this.faults.some(
      (fault) =>
        (fault.object === "unit" || fault.object === "group") &&
        cutsOff(fault) === what &&
        fault.units.includes(resident.name) &&
        overlap(fault, window),
    );
  }

  private had(
    object: ScenarioFault["object"],
    name: string | undefined,
    resident: Resident,
    window: Window,
    generation?: Generation,
  ): boolean {
    return this.faults.some(
      (fault) =>
        fault.object === object &&
        fault.name === name &&
        fault.fault !== "wrong-time" &&
        (fault.object !== "operator" || fault.generation === undefined || fault.generation === generation) &&
        overlap(fault, window) &&
        // A receiver that dies of what one unit says is down for all.
        (fault.fault === "dies" || isHit(fault, this.seed, resident.index)),
    );
  }
}

function overlap(one: Window, other: Window): boolean {
  return one.fromMs <= other.toMs && one.toMs >= other.fromMs;
}
