/** The mobile networks of a scenario: operators, their masts with one cell for each generation, and who is in reach of what. */
import { timesWithout } from "./network/backup.ts";
import { CellLoad } from "./network/cell-load.ts";
import { Cell, type Mast, Operator, type Reach } from "./network/cells.ts";
import { Calendar, type LinkWindow } from "./network/outage.ts";
import { cutsOf } from "./scenario/cuts.ts";
import { type Generation, generations, type ScenarioFault } from "./scenario/fault.ts";
import type { GroupMobile, MobilePlace } from "./scenario/fleet.ts";
import type { Backup, Scenario } from "./scenario/scenario.ts";

/** Somewhere in an operator's network. */
const usualSignal = 20;

interface Site {
  readonly mast: Mast;
  /** Newest first. */
  readonly reach: readonly Reach[];
}

export class Masts {
  private readonly operators: Map<string, Operator>;
  /** By "cell" or "operator" and name. */
  private readonly sites: Map<string, Site>;

  constructor(scenario: Pick<Scenario, "world" | "faults" | "durationMs">) {
    this.operators = new Map();
    this.sites = new Map();
    scenario.world.operators.forEach((options, index) => {
      const { name, delay, lossPpm, clockErrorMs } = options;
      this.operators.set(name, new Operator({ name, plmn: `2400${index + 1}`, delay, lossPpm, clockErrorMs }));
      const mast = { calendar: new Calendar<LinkWindow>(), mains: undefined, load: undefined };
      this.build(`operator ${name}`, name, name, mast, options.generations, usualSignal);
    });
    for (const options of scenario.world.cells) {
      const { name, operator, mains, capacityPerSecond } = options;
      const mast = {
        calendar: new Calendar<LinkWindow>(),
        mains: withoutMains(scenario, mains),
        load: capacityPerSecond === undefined ? undefined : new CellLoad(capacityPerSecond),
      };
      this.build(`cell ${name}`, name, operator, mast, options.generations, options.signal);
    }
  }

  /** Throws where the world has none of that name. */
  operator(name: string): Operator {
    return found(this.operators, name);
  }

  /** What a modem or router there can use, its newest generation first. */
  reach(place: MobilePlace, can: readonly Generation[] = generations): readonly Reach[] {
    return found(this.sites, siteName(place)).reach.filter(({ cell }) => can.includes(cell.generation));
  }

  /** Where a modem can be served: at home first, then where it roams to. */
  places(mobile: GroupMobile): readonly MobilePlace[] {
    return [mobile, ...mobile.roamsTo];
  }

  /** The codes of the networks that a modem may be told to use beside its own, which it finds by itself; empty where it may not roam. */
  networks(mobile: GroupMobile): readonly string[] {
    return [...new Set(mobile.roamsTo.map(({ operator }) => this.operator(operator).options.plmn))];
  }

  calendarOf(fault: Extract<ScenarioFault, { readonly object: "operator" | "cell" }>): Calendar<LinkWindow> {
    if (fault.object === "cell") return found(this.sites, `cell ${fault.name}`).mast.calendar;
    const operator = this.operator(fault.name);
    return fault.generation === undefined ? operator.calendar : operator.calendarOf(fault.generation);
  }

  private build(
    key: string,
    name: string,
    operator: string,
    mast: Mast,
    runs: readonly Generation[],
    signal: number,
  ): void {
    const newestFirst = [...generations].reverse().filter((each) => runs.includes(each));
    const reach = newestFirst.map((each) => ({ cell: new Cell(name, this.operator(operator), each, mast), signal }));
    this.sites.set(key, { mast, reach });
  }
}

function siteName({ operator, cell }: MobilePlace): string {
  return cell === undefined ? `operator ${operator}` : `cell ${cell}`;
}

/** When something that hangs on an area has no power at all; undefined where its mains never goes. */
export function withoutMains(
  scenario: Pick<Scenario, "faults" | "durationMs">,
  mains: Backup | undefined,
): Calendar<LinkWindow> | undefined {
  if (mains === undefined) return undefined;
  return darkness(timesWithout(cutsOf(scenario.faults, mains.area), mains), scenario.durationMs);
}

/** No link in these times; what lasts to the end of the run is for good. */
export function darkness(
  times: readonly { readonly fromMs: number; readonly toMs: number }[],
  durationMs: number,
): Calendar<LinkWindow> {
  const windows = times.map(({ fromMs, toMs }): LinkWindow => {
    return { fromMs, toMs: toMs < durationMs ? toMs : undefined, fault: "down", extraDelayMs: 0, lossPpm: 0 };
  });
  return new Calendar(windows);
}

export function found<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`world: there is no ${name}`);
  return value;
}
