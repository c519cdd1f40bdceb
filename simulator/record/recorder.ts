/**
 * Puts a run down as plain data for reports. When a press was stored, carried and accepted is taken from the firmware's
 * own steps, since that is what the hop times are about; checkers have eyes of their own.
 */
import type { AlarmEffect, AlarmEvent } from "../../firmware/alarm/alarm-state.ts";
import type { Report } from "../../firmware/alarm/report.ts";
import { numberFromRef } from "../../protocol/scaip/stem.ts";
import type { AlarmSight } from "../checkers/alarm-sight.ts";
import type { ReceiverEvent } from "../peers/receiver-events.ts";
import type { RunLog } from "../report/run-log.ts";
import type { Resident } from "../residents.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { OffTimes } from "./off-times.ts";
import type { PendingCount, RunPress } from "./run-result.ts";
import type { Witness } from "./witness.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A press while it is being followed. */
interface Followed {
  readonly row: Mutable<RunPress>;
  readonly unit: number;
  /** Report number in its unit, once stored. */
  number: number | undefined;
  /** What the button calls it; names only grow. */
  name: number;
  /** Whether the button has said that it tries no more. */
  gaveUp: boolean;
  /** What stood in the way when it was pressed. */
  readonly hindered: "unit-off" | "button-dead" | undefined;
}

const prefixLength = 5;

export class Recorder implements Witness {
  readonly presses: Followed[];
  readonly pending: PendingCount[];
  private readonly residents: readonly Resident[];
  private readonly routes: readonly string[];
  private readonly log: RunLog;
  private readonly off: OffTimes;
  /** By unit: presses that are not accepted yet, oldest first. */
  private readonly open: Followed[][];
  /** Report number by unit and attempt, for the attempts of presses. */
  private readonly attempts: Map<string, number>;
  /** By unit: what its lamp shows. */
  private readonly lamps: string[];
  private pendingCount: number;

  /** `off` hears of each instant before the recorder does. */
  constructor(scenario: Scenario, residents: readonly Resident[], log: RunLog, off: OffTimes) {
    this.residents = residents;
    this.routes = scenario.world.receivers.map(({ name }) => name);
    this.log = log;
    this.off = off;
    this.presses = [];
    this.pending = [{ atMs: 0, count: 0 }];
    this.lamps = residents.map(() => "");
    this.pendingCount = 0;
    this.attempts = new Map();
    this.open = residents.map(() => []);
  }

  pressed(atMs: number, unit: number, button: number): void {
    const row: Mutable<RunPress> = {
      unit: this.nameOf(unit),
      button,
      pressedMs: atMs,
      storedMs: null,
      sentMs: null,
      carriedMs: null,
      acceptedMs: null,
      acceptedBy: null,
      route: null,
      attempts: 0,
      toldNotAcceptedMs: null,
      stem: null,
      reportedTime: null,
      cases: 0,
      unheard: null,
    };
    const isFlat = this.off.isFlat(unit, button);
    const hindered = this.off.isOff(unit) ? "unit-off" : isFlat ? "button-dead" : undefined;
    const followed: Followed = { row, unit, number: undefined, name: 0, gaveUp: false, hindered };
    this.presses.push(followed);
    this.open[unit]?.push(followed);
    this.write(atMs, unit, { type: "pressed", button });
  }

  happened(atMs: number, unit: number, what: object): void {
    this.write(atMs, unit, what);
  }

  buttonShowed(atMs: number, unit: number, button: number, signal: string): void {
    this.write(atMs, unit, { type: "button-showed", button, signal });
    if (signal !== "given-up") return;
    for (const followed of this.open[unit] ?? []) if (followed.row.button === button) followed.gaveUp = true;
  }

  unitShowed(atMs: number, unit: number, signal: string): void {
    this.write(atMs, unit, { type: "unit-showed", signal });
    this.lamps[unit] = signal;
    if (signal !== "not-accepted") return;
    for (const { row, number } of this.open[unit] ?? []) {
      if (number !== undefined && row.toldNotAcceptedMs === null) row.toldNotAcceptedMs = atMs;
    }
  }

  stepped(atMs: number, unit: number, machine: string, event: object, effects: readonly object[]): void {
    if (machine === "alarm") this.alarmStepped(atMs, unit, event as AlarmEvent, effects as readonly AlarmEffect[]);
  }

  receiverTold(atMs: number, receiver: number, event: ReceiverEvent): void {
    if (this.log.keeps) this.log.write(atMs, `receiver ${this.routes[receiver]}`, event);
  }

  /** Every press of the run. Stem and reported time stand in the unit's own messages, cases in the receivers' books. */
  rows(sight: AlarmSight, casesOf: (cid: string, stem: string) => number): readonly RunPress[] {
    return this.presses.map((followed) => {
      const { row, unit, number } = followed;
      if (row.storedMs === null) return { ...row, unheard: followed.hindered ?? (followed.gaveUp ? "given-up" : null) };
      const alarm = sight.alarms[unit]?.find(
        ({ stem }) => numberFromRef(stem.slice(0, prefixLength), `${stem}000`) === number,
      );
      if (alarm === undefined) return row;
      const { stem, reportedTime } = alarm;
      return {
        ...row,
        stem,
        reportedTime: reportedTime ?? null,
        cases: casesOf(this.residents[unit]?.cid ?? "", stem),
      };
    });
  }

  private alarmStepped(atMs: number, unit: number, event: AlarmEvent, effects: readonly AlarmEffect[]): void {
    if (event.type === "pressed") this.stored(atMs, unit, event, effects);
    if (event.type === "carried") this.carried(atMs, unit, event.attempt);
    for (const effect of effects) {
      if (effect.type === "store") this.kept(unit, effect.report);
      if (effect.type === "send") this.sent(atMs, unit, effect.attempt.number, effect.attempt.id);
      if (effect.type === "tell-button" && effect.step === "accepted") this.accepted(atMs, unit, effect);
      if (effect.type === "log") this.logged(atMs, unit, effect);
    }
  }

  /** Each press has a name of its own, and the newest frame says how many there were since the last accepted one. */
  private stored(
    atMs: number,
    unit: number,
    event: Extract<AlarmEvent, { type: "pressed" }>,
    effects: readonly AlarmEffect[],
  ): void {
    const store = effects.find((effect) => effect.type === "store");
    if (store === undefined || store.type !== "store") return;
    const own = (this.open[unit] ?? []).filter(({ row }) => row.button === event.bond + 1);
    const heard = own.slice(0, Math.max(event.presses, own.filter(({ number }) => number !== undefined).length + 1));
    for (const followed of heard) {
      if (followed.number !== undefined) continue;
      followed.number = store.report.number;
      followed.name = event.name;
      followed.row.storedMs = atMs;
      // Another person's alarm waits already: the lamp tells whoever presses now, too.
      if (this.lamps[unit] === "not-accepted") followed.row.toldNotAcceptedMs = atMs;
      this.countPending(atMs, 1);
    }
  }

  /** An update that nobody took becomes an alarm of its own: its presses are told under another number from then on. */
  private kept(unit: number, report: Report): void {
    for (const followed of this.open[unit] ?? []) {
      if (followed.number === undefined || followed.row.button !== report.facts.bond + 1) continue;
      if (report.presses.some(({ name }) => name === followed.name)) followed.number = report.number;
    }
  }

  private sent(atMs: number, unit: number, number: number, id: number): void {
    for (const followed of this.open[unit] ?? []) {
      if (followed.number !== number) continue;
      followed.row.attempts++;
      followed.row.sentMs ??= atMs;
      this.attempts.set(`${unit} ${id}`, number);
    }
  }

  private carried(atMs: number, unit: number, id: number): void {
    const number = this.attempts.get(`${unit} ${id}`);
    if (number === undefined) return;
    for (const followed of this.open[unit] ?? []) {
      if (followed.number === number && followed.row.carriedMs === null) followed.row.carriedMs = atMs;
    }
  }

  private accepted(atMs: number, unit: number, told: { readonly bond: number; readonly name: number }): void {
    const open = this.open[unit] ?? [];
    const left: Followed[] = [];
    for (const followed of open) {
      const { number, name, row } = followed;
      if (number === undefined || row.button !== told.bond + 1 || name > told.name) {
        left.push(followed);
        continue;
      }
      row.acceptedMs = atMs;
      this.takenByTheSame(followed);
      this.countPending(atMs, -1);
    }
    this.open[unit] = left;
  }

  /** An update goes to the receiver that has accepted the alarm. */
  private takenByTheSame({ row, unit, number }: Followed): void {
    if (row.acceptedBy !== null) return;
    const first = this.presses.find((one) => one.unit === unit && one.number === number && one.row.acceptedBy !== null);
    if (first === undefined) return;
    row.acceptedBy = first.row.acceptedBy;
    row.route = first.row.route;
  }

  private logged(atMs: number, unit: number, effect: Extract<AlarmEffect, { type: "log" }>): void {
    this.write(atMs, unit, { ...effect, type: effect.what, what: undefined });
    if (effect.what !== "accepted" || effect.path === undefined) return;
    const receiver = this.residents[unit]?.group.receivers[effect.path.receiver] ?? null;
    for (const { row, unit: home, number } of this.presses) {
      if (number !== effect.number || home !== unit) continue;
      row.acceptedBy = receiver;
      row.route = effect.path.route;
    }
  }

  private countPending(atMs: number, change: number): void {
    this.pendingCount += change;
    const last = this.pending[this.pending.length - 1];
    if (last !== undefined && last.atMs === atMs)
      this.pending[this.pending.length - 1] = { atMs, count: this.pendingCount };
    else this.pending.push({ atMs, count: this.pendingCount });
  }

  private nameOf(unit: number): string {
    return this.residents[unit]?.name ?? "";
  }

  private write(atMs: number, unit: number, event: object): void {
    if (this.log.keeps) this.log.write(atMs, `unit ${this.nameOf(unit)}`, event);
  }
}
