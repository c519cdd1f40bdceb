/** What makes up a mobile network, as objects that many modems share: operators, masts, and the cells of each generation on them. */
import type { Generation } from "../scenario/fault.ts";
import type { CellLoad } from "./cell-load.ts";
import { Calendar, FaultyLink, type Link, type LinkWindow } from "./outage.ts";

export interface OperatorOptions extends Link {
  readonly name: string;
  /** Mobile country and network code, such as "24001". */
  readonly plmn: string;
  /** How far the wall clock it tells is off, in ms; undefined where it tells none. */
  readonly clockErrorMs: number | undefined;
}

export class Operator {
  readonly options: OperatorOptions;
  readonly calendar: Calendar<LinkWindow>;
  /** Faults of one generation of its network, in all its cells. */
  private readonly generations: Map<Generation, Calendar<LinkWindow>>;

  constructor(options: OperatorOptions) {
    this.options = options;
    this.calendar = new Calendar();
    this.generations = new Map();
  }

  calendarOf(generation: Generation): Calendar<LinkWindow> {
    let calendar = this.generations.get(generation);
    if (calendar === undefined) {
      calendar = new Calendar();
      this.generations.set(generation, calendar);
    }
    return calendar;
  }
}

/** What several cells of one mast share. */
export interface Mast {
  readonly calendar: Calendar<LinkWindow>;
  /** When neither mains nor battery nor generator carries it; undefined: never. */
  readonly mains: Calendar<LinkWindow> | undefined;
  /** Undefined: it carries whatever comes. */
  readonly load: CellLoad | undefined;
}

/** One generation on one mast. */
export class Cell {
  readonly name: string;
  readonly operator: Operator;
  readonly generation: Generation;
  readonly calendar: Calendar<LinkWindow>;
  /** Everything that it hangs on. */
  readonly calendars: readonly Calendar<LinkWindow>[];
  readonly load: CellLoad | undefined;

  constructor(name: string, operator: Operator, generation: Generation, mast?: Mast) {
    this.name = name;
    this.operator = operator;
    this.generation = generation;
    this.calendar = mast?.calendar ?? new Calendar();
    const mains = mast?.mains === undefined ? [] : [mast.mains];
    this.calendars = [operator.calendar, this.calendar, operator.calendarOf(generation), ...mains];
    this.load = mast?.load;
  }
}

/** A cell that a modem can hear, and how well: AT+CSQ value 0 to 31. */
export interface Reach {
  readonly cell: Cell;
  readonly signal: number;
  /** Faults that hit only some of those who are there, this one among them. */
  readonly own?: readonly Calendar<LinkWindow>[] | undefined;
}

/** The link through a cell, with all that can go wrong with it. */
export function linkThrough({ cell, own = [] }: Reach): FaultyLink {
  return new FaultyLink(cell.operator.options, [...cell.calendars, ...own]);
}
