/**
 * Watches units and receivers: a unit is alive only while it is heard, a receiver works only while it accepts, and what many
 * lose at once is what they share. It has no sockets and no clock of its own: signs, events and the present time go in,
 * notices and the next deadline come out. What it knows of units is their registry and their own reports.
 */
import { EventQueue } from "../core/event-queue.ts";
import type { ReceiverEvent, ReceiverSign } from "../peers/receiver-events.ts";
import type { NoticeCause } from "../record/run-result.ts";
import { type ServerPhase, ServerWatch } from "./monitor-server.ts";
import { type MonitorSettings, usualSettings } from "./monitor-settings.ts";
import type { MonitorState, UnitState } from "./monitor-state.ts";
import type { RegistryUnit } from "./registry.ts";
import { type Said, said } from "./said.ts";
import { type SharedNews, SharedWatch } from "./shared-watch.ts";
import { UnitWatch } from "./unit-watch.ts";
import type { WatchedUnit } from "./watched-unit.ts";

export type Phase = "suspected" | "confirmed" | "updated" | "closed";

export interface Notice {
  /** In ms, on the clock that was handed in. */
  readonly t: number;
  /** 1, 2, 3 ...: what is said of one outage bears one number. */
  readonly outage: number;
  readonly phase: Phase;
  readonly cause: NoticeCause;
  /** Name of the receiver, operator, `cell` and name, provider, area or unit. */
  readonly subject: string;
  /** Names of the units that are affected, as far as is known. */
  readonly units: readonly string[];
  /** In words and numbers. */
  readonly evidence: Said;
}

interface Server {
  readonly watch: ServerWatch;
  outage: number;
}

/** See the file's head. Time must not go back. */
export class Monitor {
  private readonly settings: MonitorSettings;
  private readonly queue: EventQueue;
  private readonly units: Map<string, WatchedUnit>;
  private readonly servers: Map<string, Server>;
  private readonly shared: SharedWatch;
  private readonly watch: UnitWatch;
  private notices: Notice[];
  private lastOutage: number;

  constructor(settings: MonitorSettings = usualSettings, nowMs = 0) {
    this.settings = settings;
    this.queue = new EventQueue();
    this.queue.runUntil(nowMs);
    this.units = new Map();
    this.servers = new Map();
    this.notices = [];
    this.lastOutage = 0;
    const nextNumber = (): number => ++this.lastOutage;
    this.shared = new SharedWatch({
      settings: settings.shared,
      queue: this.queue,
      nextNumber,
      report: (news) => this.sharedNews(news),
    });
    this.watch = new UnitWatch({
      settings,
      queue: this.queue,
      nextNumber,
      report: (outage, phase, cause, unit, evidence) =>
        this.tell(outage, phase, cause, unit.record.unit, [unit.record.unit], evidence),
      changed: (unit) => this.shared.changed(unit),
      explains: (unit) => this.explains(unit),
    });
  }

  /** From now on this unit is expected to beat. Told again, only what the registry says of it changes. */
  expectUnit(record: RegistryUnit, nowMs: number): readonly Notice[] {
    this.queue.runUntil(nowMs);
    const known = this.units.get(record.cid);
    if (known !== undefined) {
      this.shared.remove(known);
      known.record = record;
      known.beatMs = record.beatMs;
      this.shared.add(known);
      this.watch.plan(known);
      return this.told();
    }
    const homeName = record.receivers[0] ?? "";
    const unit = this.watch.add(record, this.server(homeName).watch, homeName);
    this.units.set(record.cid, unit);
    this.shared.add(unit);
    return this.told();
  }

  /** The unit has gone for good. */
  forgetUnit(cid: string): void {
    const unit = this.units.get(cid);
    if (unit === undefined) return;
    this.units.delete(cid);
    this.shared.remove(unit);
    this.watch.remove(unit);
  }

  /** Takes a sign of a receiver; answers what is new, deadlines that passed meanwhile included. */
  hear(receiver: string, sign: ReceiverSign, nowMs: number): readonly Notice[] {
    this.queue.runUntil(nowMs);
    this.server(receiver).watch.hear(sign);
    if (sign.type === "carried" || sign.type === "probed") {
      const unit = this.units.get(sign.cid);
      if (unit !== undefined) {
        this.watch.heard(unit, unit.homeName === receiver || unit.homeName === "");
        this.shared.heard(unit, receiver);
      }
    }
    return this.told();
  }

  /** Takes what a receiver has put down: what units say of their own trouble. */
  read(event: ReceiverEvent, nowMs: number): readonly Notice[] {
    this.queue.runUntil(nowMs);
    const unit = this.units.get(event.cid);
    if (unit !== undefined) this.watch.read(unit, event);
    return this.told();
  }

  /** Nothing of this receiver can be seen any more, for a reason of its own. */
  loseSight(receiver: string, why: Said, nowMs: number): readonly Notice[] {
    this.queue.runUntil(nowMs);
    this.server(receiver).watch.loseSight(why);
    return this.told();
  }

  /** The instant at which `pass` is to be called next; undefined: only a sign can bring news. It may turn out to be too early. */
  dueMs(): number | undefined {
    return this.queue.next();
  }

  /** Lets time pass; answers what is new. */
  pass(nowMs: number): readonly Notice[] {
    this.queue.runUntil(nowMs);
    return this.told();
  }

  /** Whether the unit was heard as lately as its interval asks; undefined where it is not known. */
  isAlive(cid: string): boolean | undefined {
    const unit = this.units.get(cid);
    return unit === undefined ? undefined : unit.lastMs !== undefined && unit.silentMs === undefined;
  }

  /** How many are expected, and how many of them are silent. */
  counts(): { readonly units: number; readonly silent: number } {
    let silent = 0;
    for (const unit of this.units.values()) if (unit.silentMs !== undefined) silent++;
    return { units: this.units.size, silent };
  }

  /** All that a later monitor needs to go on. */
  kept(): MonitorState {
    const units: UnitState[] = [...this.units.values()].map((unit) => this.watch.kept(unit));
    const servers = [...this.servers].map(([name, { watch, outage }]) => ({ name, outage, watch: watch.kept() }));
    return {
      version: 1,
      nowMs: this.queue.nowMs,
      lastOutage: this.lastOutage,
      units,
      servers,
      shared: this.shared.kept(),
    };
  }

  /**
   * Goes on from there, after `expectUnit` of all units: what was open stays open. Who was alive is given a full interval
   * anew, since nobody listened meanwhile.
   */
  restore(state: MonitorState): void {
    this.lastOutage = state.lastOutage;
    for (const { name, outage, watch } of state.servers) {
      const server = this.server(name);
      server.outage = outage;
      server.watch.restore(watch);
    }
    for (const kept of state.units) {
      const unit = this.units.get(kept.cid);
      if (unit !== undefined) this.watch.restore(unit, kept);
    }
    this.shared.restore(state.shared, (cid) => this.units.get(cid));
  }

  /** Names of what stands between a silent unit and everybody, if that is known. */
  private explains(unit: WatchedUnit): string | undefined {
    if (unit.home.isSilent) return unit.homeName;
    return this.shared
      .explains(unit)
      ?.map(({ subject }) => subject)
      .join(", ");
  }

  private sharedNews({ number, name, phase, evidence, hit }: SharedNews): void {
    const { cause, subject } = name;
    this.tell(number, phase, cause, subject, namesOf(hit), evidence);
    if (phase === "closed") for (const unit of hit) this.watch.giveTime(unit);
    else for (const unit of hit) this.watch.fold(unit);
  }

  private serverNews(name: string, phase: ServerPhase, evidence: Said): void {
    const server = this.server(name);
    if (phase === "suspected") server.outage = ++this.lastOutage;
    const units = [...this.units.values()].filter(({ homeName }) => homeName === name);
    this.tell(server.outage, phase, "server", name, namesOf(units), evidence);
    if (phase === "closed") for (const unit of units) this.watch.giveTime(unit);
    else if (server.watch.isSilent) for (const unit of units) this.watch.fold(unit);
  }

  private server(name: string): Server {
    const known = this.servers.get(name);
    if (known !== undefined) return known;
    const watch = new ServerWatch(this.settings, this.queue, (phase, evidence) =>
      this.serverNews(name, phase, evidence),
    );
    const server: Server = { watch, outage: 0 };
    this.servers.set(name, server);
    return server;
  }

  private tell(
    outage: number,
    phase: Phase,
    cause: NoticeCause,
    subject: string,
    units: readonly string[],
    evidence: Said,
  ): void {
    this.notices.push({ t: this.queue.nowMs, outage, phase, cause, subject, units, evidence });
  }

  private told(): readonly Notice[] {
    const { notices } = this;
    if (notices.length > 0) this.notices = [];
    return notices;
  }
}

function namesOf(units: Iterable<WatchedUnit>): readonly string[] {
  return [...units].map(({ record }) => record.unit);
}

/** For people who read a list of causes. */
export const causeNames: Readonly<Record<NoticeCause, Said>> = {
  server: said("receiver", "larmmottagare"),
  operator: said("mobile network", "mobilnät"),
  "area-power": said("power area", "elområde"),
  broadband: said("broadband", "bredband"),
  "single-unit": said("unit", "larm"),
  button: said("button", "larmknapp"),
};
