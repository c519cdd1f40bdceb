/** The networks of a scenario: operators with their cells, broadband providers, power areas, and what goes wrong with them. */
import type { EventQueue } from "./core/event-queue.ts";
import { PowerArea } from "./house/power-area.ts";
import { Cell, Operator, Subscriber, usualRegistration } from "./network/mobile.ts";
import { Broadband, type Network, unitAddress } from "./network/network.ts";
import { Calendar, type LinkWindow } from "./network/outage.ts";
import type { Resident } from "./residents.ts";
import type { ScenarioFault } from "./scenario/fault.ts";
import type { FleetGroup } from "./scenario/fleet.ts";
import type { Scenario } from "./scenario/scenario.ts";

const usualSignal = 20;

/** A provider's broadband: to routers whose mains never goes, and to those in each power area. */
interface Line {
  readonly calendar: Calendar<LinkWindow>;
  readonly line: Broadband;
  readonly inArea: ReadonlyMap<string, Broadband>;
}

/** Everything between homes and receivers that many of them share. */
export class Networks {
  private readonly queue: EventQueue;
  private readonly network: Network;
  private readonly scenario: Scenario;
  private readonly seed: number;
  private readonly operators: Map<string, Operator>;
  private readonly cells: Map<string, Cell>;
  private readonly lines: Map<string, Line>;
  private readonly areas: Map<string, PowerArea>;

  constructor(queue: EventQueue, network: Network, scenario: Scenario, seed: number) {
    this.queue = queue;
    this.network = network;
    this.scenario = scenario;
    this.seed = seed;
    this.operators = new Map();
    this.cells = new Map();
    this.lines = new Map();
    this.areas = new Map();
    for (const name of scenario.world.power) this.areas.set(name, new PowerArea(queue, name));
    this.buildOperators();
    this.buildBroadband();
  }

  /** Throws where the world has none of that name. */
  area(name: string): PowerArea {
    return found(this.areas, name);
  }

  /** A provider's line to a router that hangs on that power area, or on mains that never goes. */
  lineTo(broadband: string, power: string | undefined): Broadband {
    const { line, inArea } = found(this.lines, broadband);
    return power === undefined ? line : found(inArea, power);
  }

  /** The SIM of a home. */
  subscribe(resident: Resident, mobile: NonNullable<FleetGroup["mobile"]>): Subscriber {
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

  /** Puts the fault into the calendar of its object. */
  plan(fault: Exclude<ScenarioFault, { readonly object: "receiver" }>): void {
    const toMs = fault.toMs < this.scenario.durationMs ? fault.toMs : undefined;
    if (fault.object === "power") {
      this.area(fault.name).cut(fault.fromMs, toMs);
      return;
    }
    const { fromMs, extraDelayMs, lossPpm } = fault;
    this.calendarOf(fault.object, fault.name).add({ fromMs, toMs, fault: fault.fault, extraDelayMs, lossPpm });
  }

  private calendarOf(object: "operator" | "cell" | "broadband", name: string): Calendar<LinkWindow> {
    if (object === "operator") return found(this.operators, name).calendar;
    return object === "cell" ? found(this.cells, `cell ${name}`).calendar : found(this.lines, name).calendar;
  }

  private buildOperators(): void {
    const { operators, cells } = this.scenario.world;
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
  }

  private buildBroadband(): void {
    for (const { name, delay, lossPpm } of this.scenario.world.broadband) {
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
}

function found<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`world: there is no ${name}`);
  return value;
}
