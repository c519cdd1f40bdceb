/**
 * Watches units and receivers: a unit is alive only while it is heard, and a receiver works only while it accepts. It has no
 * sockets and no clock of its own: signs and the present time go in, notices and the next deadline come out.
 */
import { EventQueue, type Handle } from "../core/event-queue.ts";
import type { ReceiverSign } from "../peers/receiver-events.ts";
import { ServerWatch } from "./monitor-server.ts";
import { type MonitorSettings, spoken, usualSettings } from "./monitor-settings.ts";

export interface Notice {
  /** In ms, on the clock that was handed in. */
  readonly t: number;
  /** Account number of the unit or name of the receiver. */
  readonly subject: string;
  readonly what: "unit-silent" | "unit-back" | "server-suspected" | "server-confirmed" | "server-cleared";
  /** In words and numbers. */
  readonly evidence: string;
}

interface Unit {
  readonly cid: string;
  /** The receiver that it beats to first. */
  readonly home: ServerWatch;
  readonly homeName: string;
  beatMs: number;
  /** Last heard anywhere; undefined: never since it is known. */
  lastMs: number | undefined;
  readonly sinceMs: number;
  lastHomeMs: number;
  silent: boolean;
  overdue: boolean;
  /** The look at its deadlines that is planned. */
  planned: Handle | undefined;
}

/** See the file's head. Time must not go back. */
export class Monitor {
  private readonly settings: MonitorSettings;
  private readonly queue: EventQueue;
  private readonly units: Map<string, Unit>;
  private readonly servers: Map<string, ServerWatch>;
  private notices: Notice[];

  constructor(settings: MonitorSettings = usualSettings) {
    this.settings = settings;
    this.queue = new EventQueue();
    this.units = new Map();
    this.servers = new Map();
    this.notices = [];
  }

  /** From now on this unit is expected to beat at this interval, to this receiver first. Told again, only the interval changes. */
  expectUnit(cid: string, beatMs: number, receiver: string, nowMs: number): readonly Notice[] {
    this.queue.runUntil(nowMs);
    const known = this.units.get(cid);
    if (known !== undefined) {
      known.beatMs = beatMs;
      this.plan(known);
      return this.told();
    }
    const home = this.server(receiver);
    const unit: Unit = {
      cid,
      home,
      homeName: receiver,
      beatMs,
      lastMs: undefined,
      sinceMs: nowMs,
      lastHomeMs: nowMs,
      silent: false,
      overdue: false,
      planned: undefined,
    };
    this.units.set(cid, unit);
    home.activeCount++;
    this.plan(unit);
    return this.told();
  }

  /** The unit has gone for good. */
  forgetUnit(cid: string): void {
    const unit = this.units.get(cid);
    if (unit === undefined) return;
    this.units.delete(cid);
    if (unit.planned !== undefined) this.queue.cancel(unit.planned);
    if (unit.silent) return;
    unit.home.activeCount--;
    if (unit.overdue) unit.home.overdueCount--;
  }

  /** Takes a sign of a receiver; answers what is new, deadlines that passed meanwhile included. */
  hear(receiver: string, sign: ReceiverSign, nowMs: number): readonly Notice[] {
    this.queue.runUntil(nowMs);
    this.server(receiver).hear(sign);
    if (sign.type === "carried" || sign.type === "probed") {
      const unit = this.units.get(sign.cid);
      if (unit !== undefined) this.heardOf(unit, unit.homeName === receiver);
    }
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
    return unit === undefined ? undefined : unit.lastMs !== undefined && !unit.silent;
  }

  private heardOf(unit: Unit, atHome: boolean): void {
    const nowMs = this.queue.nowMs;
    const wasLate = unit.silent || unit.overdue;
    if (unit.silent) {
      unit.silent = false;
      unit.home.activeCount++;
      if (unit.overdue) unit.home.overdueCount++;
      this.tell(unit.cid, "unit-back", `heard again after ${spoken(nowMs - (unit.lastMs ?? unit.sinceMs))}`);
    }
    unit.lastMs = nowMs;
    if (atHome) {
      unit.lastHomeMs = nowMs;
      if (unit.overdue) {
        unit.overdue = false;
        unit.home.overdueCount--;
      }
    }
    if (wasLate) this.plan(unit);
  }

  /** A beat moves the deadlines and plans nothing: the look that is planned finds them moved. */
  private plan(unit: Unit): void {
    const { nowMs } = this.queue;
    if (unit.planned !== undefined) this.queue.cancel(unit.planned);
    unit.planned = undefined;
    let dueMs = unit.silent ? undefined : this.silentAtMs(unit);
    if (!unit.overdue) dueMs = Math.min(dueMs ?? Number.MAX_SAFE_INTEGER, this.overdueAtMs(unit));
    if (dueMs === undefined) return;
    unit.planned = this.queue.at(Math.max(dueMs, nowMs), () => this.look(unit));
  }

  private look(unit: Unit): void {
    const { nowMs } = this.queue;
    if (!unit.overdue && nowMs >= this.overdueAtMs(unit)) {
      unit.overdue = true;
      if (!unit.silent) {
        unit.home.overdueCount++;
        unit.home.beatMissed(unit.beatMs);
      }
    }
    if (!unit.silent && nowMs >= this.silentAtMs(unit)) {
      unit.silent = true;
      unit.home.activeCount--;
      if (unit.overdue) unit.home.overdueCount--;
      this.tell(unit.cid, "unit-silent", this.silence(unit));
    }
    this.plan(unit);
  }

  private silentAtMs(unit: Unit): number {
    const { missedBeats, graceMs } = this.settings;
    return (unit.lastMs ?? unit.sinceMs) + missedBeats * this.longestBeatMs(unit) + graceMs;
  }

  private overdueAtMs(unit: Unit): number {
    return unit.lastHomeMs + this.longestBeatMs(unit) + this.settings.overdueMs;
  }

  private longestBeatMs(unit: Unit): number {
    return Math.floor((unit.beatMs * (100 + this.settings.jitterPercent)) / 100);
  }

  private silence(unit: Unit): string {
    const quiet = spoken(this.queue.nowMs - (unit.lastMs ?? unit.sinceMs));
    const since = unit.lastMs === undefined ? `never heard in the ${quiet} it is known` : `not heard for ${quiet}`;
    const server = unit.home.state === "healthy" ? "" : `; receiver ${unit.homeName} is ${unit.home.state} too`;
    return `${since}: ${this.settings.missedBeats} beats of ${spoken(unit.beatMs)} missed${server}`;
  }

  private server(name: string): ServerWatch {
    const known = this.servers.get(name);
    if (known !== undefined) return known;
    const server = new ServerWatch(this.settings, this.queue, (news, evidence) => this.tell(name, news, evidence));
    this.servers.set(name, server);
    return server;
  }

  private tell(subject: string, what: Notice["what"], evidence: string): void {
    this.notices.push({ t: this.queue.nowMs, subject, what, evidence });
  }

  private told(): readonly Notice[] {
    const { notices } = this;
    this.notices = [];
    return notices;
  }
}
