/**
 * The mobile network as shared objects: operators and their cells, whose faults hit every modem there, and the bearer
 * that one modem gets from them (3GPP TS 23.122: network selection; TS 24.008: registration, NITZ).
 */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { EventQueue, Handle } from "../core/event-queue.ts";
import { Stream } from "../core/prng.ts";
import type { Span } from "../scenario/scenario.ts";
import type { Bearer, BearerSession, BearerState } from "./bearer.ts";
import { MobileSession } from "./mobile-session.ts";
import type { Access, Network } from "./network.ts";
import { Calendar, CalendarWatch, FaultyLink, type Link, type LinkWindow } from "./outage.ts";

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

  constructor(options: OperatorOptions) {
    this.options = options;
    this.calendar = new Calendar();
  }
}

export class Cell {
  readonly name: string;
  readonly operator: Operator;
  readonly generation: BearerState["generation"];
  readonly calendar: Calendar<LinkWindow>;

  constructor(name: string, operator: Operator, generation: BearerState["generation"]) {
    this.name = name;
    this.operator = operator;
    this.generation = generation;
    this.calendar = new Calendar();
  }
}

/** A cell that a modem can hear, and how well: AT+CSQ value 0 to 31. */
export interface Reach {
  readonly cell: Cell;
  readonly signal: number;
}

export interface SubscriberOptions {
  /** Names its stream of chance. */
  readonly name: string;
  readonly home: Operator;
  /** Whether it may use other operators where its own is not to be had. */
  readonly roaming: boolean;
  readonly reach: readonly Reach[];
  /** The address of its sessions; the same one each time, as with a private APN. */
  readonly address: string;
  /** From the start of a search to registration. */
  readonly registration: Span;
  /** The wall clock at virtual 0, in ms since 1970. */
  readonly startWallMs: number;
}

/** Registration takes as long as it does with real LTE modems after power-up. */
export const usualRegistration: Span = { leastMs: 3_000, mostMs: 12_000 };

const maxReach = 32;

/** One SIM in one modem. It registers by itself, stays where it is as long as it can, and never judges whether data gets through. */
export class Subscriber implements Bearer {
  private readonly queue: EventQueue;
  private readonly network: Network;
  private readonly options: SubscriberOptions;
  private readonly stream: Stream;
  private readonly links: readonly FaultyLink[];
  private listener: (() => void) | undefined;
  /** Index into `reach` of the cell it is registered in. */
  private serving: number | undefined;
  private lastPlmn: string;
  private wanted: string | undefined;
  private searching: Handle | undefined;
  private session: MobileSession | undefined;
  private told: BearerState;

  /** The modem is switched on now. */
  constructor(queue: EventQueue, network: Network, seed: number, options: SubscriberOptions) {
    if (options.reach.length > maxReach) throw new Error(`mobile: more than ${maxReach} cells in reach`);
    this.queue = queue;
    this.network = network;
    this.options = options;
    this.stream = new Stream(seed, `mobile registration ${options.name}`, 0);
    this.links = options.reach.map(
      ({ cell }) => new FaultyLink(cell.operator.options, [cell.operator.calendar, cell.calendar]),
    );
    this.listener = undefined;
    this.serving = undefined;
    this.lastPlmn = "";
    this.wanted = undefined;
    this.searching = undefined;
    this.session = undefined;
    this.told = this.present();
    const calendars = new Set(options.reach.flatMap(({ cell }) => [cell.operator.calendar, cell.calendar]));
    new CalendarWatch(queue, [...calendars], () => this.look());
    this.search();
  }

  state(): BearerState {
    return this.told;
  }

  listen(onChange: () => void): void {
    this.listener = onChange;
  }

  /** One session at a time: a new one ends the one before it. */
  activate(receive: (bytes: Uint8Array, from: Endpoint, toPort: number) => void): BearerSession | undefined {
    if (this.serving === undefined) return undefined;
    this.endSession();
    const sinceMs = this.queue.nowMs;
    const access: Access = { link: (atMs) => this.linkOf(sinceMs, atMs) };
    const session = new MobileSession(this.queue, this.network, this.options.address, access, receive, () => {
      if (this.session === session) this.session = undefined;
    });
    this.session = session;
    return session;
  }

  wallMs(): number | undefined {
    if (this.serving === undefined) return undefined;
    const { clockErrorMs } = this.reach(this.serving).cell.operator.options;
    return clockErrorMs === undefined ? undefined : this.options.startWallMs + this.queue.nowMs + clockErrorMs;
  }

  /** The radio was switched off and on (AT+CFUN, power): sessions end and the search begins anew. */
  restart(): void {
    this.leave();
    this.search();
    this.tell();
  }

  /** Asks for one network by its code (AT+COPS=1,2,...), or for the best one again with undefined; begins a search. */
  select(plmn: string | undefined): void {
    this.wanted = plmn;
    this.restart();
  }

  private reach(index: number): Reach {
    return this.options.reach[index] as Reach;
  }

  /** Something changed in the world. */
  private look(): void {
    if (this.serving !== undefined && !this.mayServe(this.serving)) {
      // Another cell of the same network takes the session over; another network does not know it.
      this.serving = undefined;
      this.search();
    }
    // A modem that finds nothing looks again when a network appears, and needs its time for it then.
    if (this.serving === undefined && this.searching === undefined && this.best() !== undefined) this.search();
    this.tell();
  }

  private search(): void {
    if (this.searching !== undefined) this.queue.cancel(this.searching);
    const { leastMs, mostMs } = this.options.registration;
    this.searching = this.queue.after(this.stream.between(leastMs, mostMs), () => this.register());
  }

  private register(): void {
    this.searching = undefined;
    this.serving = this.best();
    if (this.serving !== undefined) {
      const { plmn } = this.reach(this.serving).cell.operator.options;
      if (plmn !== this.lastPlmn) this.endSession();
      this.lastPlmn = plmn;
    }
    this.tell();
  }

  private leave(): void {
    this.serving = undefined;
    this.lastPlmn = "";
    this.endSession();
  }

  private endSession(): void {
    this.session?.close();
    this.session = undefined;
  }

  /** The home network before others, then the strongest signal, then the order of the list. */
  private best(): number | undefined {
    let best: number | undefined;
    for (let i = 0; i < this.options.reach.length; i++) {
      if (this.mayServe(i) && (best === undefined || this.rank(i) > this.rank(best))) best = i;
    }
    return best;
  }

  private rank(index: number): number {
    const { cell, signal } = this.reach(index);
    return (cell.operator === this.options.home ? 100 : 0) + signal;
  }

  private isHeard(index: number): boolean {
    const { operator } = this.reach(index).cell;
    if (operator !== this.options.home && !this.options.roaming) return false;
    if (this.wanted !== undefined && operator.options.plmn !== this.wanted) return false;
    return (this.links[index] as FaultyLink).isUp(this.queue.nowMs);
  }

  private mayServe(index: number): boolean {
    return this.isHeard(index) && !this.isDenied(index);
  }

  private isDenied(index: number): boolean {
    return (this.links[index] as FaultyLink).calendars.some((calendar) =>
      calendar.active(this.queue.nowMs).some((window) => window.fault === "denied"),
    );
  }

  private linkOf(sinceMs: number, atMs: number): Link | undefined {
    if (this.serving === undefined) return undefined;
    const link = this.links[this.serving] as FaultyLink;
    for (const calendar of link.calendars) {
      for (const window of calendar.active(atMs)) {
        if (window.fault === "stale-sessions" && sinceMs < window.fromMs) return undefined;
      }
    }
    return link.at(atMs);
  }

  private present(): BearerState {
    if (this.serving !== undefined) {
      const { cell, signal } = this.reach(this.serving);
      const { name, plmn } = cell.operator.options;
      const registered = cell.operator === this.options.home ? "home" : "roaming";
      return { signal, registered, operatorName: name, plmn, generation: cell.generation };
    }
    const heard = this.options.reach.map((_, index) => index).filter((index) => this.isHeard(index));
    const refused = heard.length > 0 && heard.every((index) => this.isDenied(index)) && this.searching === undefined;
    const signal = heard.reduce((most, index) => Math.max(most, this.reach(index).signal), -1);
    return {
      signal: signal < 0 ? 99 : signal,
      registered: refused ? "denied" : "searching",
      operatorName: "",
      plmn: "",
      generation: this.told?.generation ?? "4g",
    };
  }

  private tell(): void {
    const before = this.told;
    const now = this.present();
    if (
      now.signal === before.signal &&
      now.registered === before.registered &&
      now.plmn === before.plmn &&
      now.operatorName === before.operatorName &&
      now.generation === before.generation
    ) {
      return;
    }
    this.told = now;
    this.listener?.();
  }
}
