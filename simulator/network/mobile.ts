/**
 * The mobile network as shared objects: operators and their cells, whose faults hit every modem there, and the bearer
 * that one modem gets from them (3GPP TS 23.122: network selection; TS 24.008: registration, NITZ).
 */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { EventQueue, Handle } from "../core/event-queue.ts";
import { Stream } from "../core/prng.ts";
import { generations } from "../scenario/fault.ts";
import type { Span } from "../scenario/scenario.ts";
import type { Bearer, BearerSession, BearerState } from "./bearer.ts";
import { linkThrough, type Operator, type Reach } from "./cells.ts";
import { MobileSession } from "./mobile-session.ts";
import type { Access, Network } from "./network.ts";
import { CalendarWatch, type FaultyLink, type Link } from "./outage.ts";

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

/** How often a modem that roams looks for its own network: the usual value on SIMs (3GPP TS 23.122 4.4.3.3). */
const homeMs = 3_600_000;
/** Until a modem has found that its network has a newer generation here again (TS 36.304 5.2.4: reselection by priority). */
const newerMs = 60_000;
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
  /** Until it looks for something better than what serves it. */
  private looking: Handle | undefined;
  private session: MobileSession | undefined;
  private told: BearerState;

  /** The modem is switched on now. */
  constructor(queue: EventQueue, network: Network, seed: number, options: SubscriberOptions) {
    if (options.reach.length > maxReach) throw new Error(`mobile: more than ${maxReach} cells in reach`);
    this.queue = queue;
    this.network = network;
    this.options = options;
    this.stream = new Stream(seed, `mobile registration ${options.name}`, 0);
    this.links = options.reach.map(linkThrough);
    this.listener = undefined;
    this.serving = undefined;
    this.lastPlmn = "";
    this.wanted = undefined;
    this.searching = undefined;
    this.looking = undefined;
    this.session = undefined;
    this.told = this.present();
    const calendars = new Set(this.links.flatMap((link) => link.calendars));
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
    const access: Access = { link: (atMs) => this.linkOf(sinceMs, atMs), take: (atMs) => this.load(atMs) };
    const session = new MobileSession(this.queue, this.network, this.options.address, access, receive, () => {
      if (this.session === session) this.session = undefined;
    });
    this.session = session;
    return session;
  }

  wallMs(): number | undefined {
    if (this.serving === undefined) return undefined;
    const { clockErrorMs } = this.reach(this.serving).cell.operator.options;
    if (clockErrorMs === undefined) return undefined;
    const { nowMs } = this.queue;
    const wrong = (this.links[this.serving] as FaultyLink).window("wrong-time", nowMs);
    return this.options.startWallMs + nowMs + (wrong?.clockErrorMs ?? clockErrorMs);
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
    this.planBetter();
    this.tell();
  }

  /** Served by less than could be had: it looks again after a while. */
  private planBetter(): void {
    const best = this.best();
    const isLess = this.serving !== undefined && best !== undefined && this.kind(best) > this.kind(this.serving);
    if (!isLess) {
      if (this.looking !== undefined) this.queue.cancel(this.looking);
      this.looking = undefined;
      return;
    }
    if (this.looking !== undefined) return;
    const isHome = this.reach(this.serving as number).cell.operator === this.reach(best).cell.operator;
    this.looking = this.queue.after(isHome ? newerMs : homeMs, () => this.better());
  }

  /** A newer generation takes the session over; the way home from a foreign network begins with a search. */
  private better(): void {
    this.looking = undefined;
    const best = this.best();
    if (this.serving === undefined || best === undefined || this.kind(best) <= this.kind(this.serving)) return;
    const isHome = this.reach(this.serving).cell.operator === this.reach(best).cell.operator;
    this.serving = isHome ? best : undefined;
    if (!isHome) this.search();
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
    this.planBetter();
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

  /** The home network before others, then the newest generation, then the strongest signal, then the order of the list. */
  private best(): number | undefined {
    let best: number | undefined;
    for (let i = 0; i < this.options.reach.length; i++) {
      if (this.mayServe(i) && (best === undefined || this.rank(i) > this.rank(best))) best = i;
    }
    return best;
  }

  private rank(index: number): number {
    return this.kind(index) * 100 + this.reach(index).signal;
  }

  private kind(index: number): number {
    const { cell } = this.reach(index);
    return (cell.operator === this.options.home ? 10 : 0) + generations.indexOf(cell.generation);
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
    return (this.links[index] as FaultyLink).has("denied", this.queue.nowMs);
  }

  /** How long its cell keeps a datagram waiting; undefined where there is no room for it. */
  private load(atMs: number): number | undefined {
    const load = this.serving === undefined ? undefined : this.reach(this.serving).cell.load;
    return load === undefined ? 0 : load.take(atMs);
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
