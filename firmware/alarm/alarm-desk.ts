/** The unit's reports: the machine that delivers them, its deadline, its records and its names. It orders, others carry out. */
import { observerOf } from "../department.ts";
import { Runner } from "../runner.ts";
import { departmentsOf, routesOf, type UnitSettings } from "../settings.ts";
import type { ReportNumbers } from "../storage/report-numbers.ts";
import type { RaiseOrder, UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import { startAlarms, stepAlarms } from "./alarm-machine.ts";
import type { AlarmEffect, AlarmEvent, AlarmPlan, AlarmState, Attempt } from "./alarm-state.ts";
import type { Origin } from "./facts.ts";
import { isPending, type Report, type Route, sessionOf } from "./report.ts";
import { forgetReport, keepReport, keptReports } from "./report-store.ts";

/** Whoever carries out what the alarm machine orders. */
export interface AlarmHands {
  /** The device of that bond is told how far its call is. */
  acknowledge(bond: number, name: number, step: "received" | "accepted"): void;
  /** After a restart: a report whose calls a former life has heard. */
  remember(report: Report): void;
  send(attempt: Attempt, report: Report): void;
  stop(attempt: number): void;
  show(signal: Extract<AlarmEffect, { readonly type: "show" }>["signal"] | "fault"): void;
  /** The report of that number was accepted. */
  accepted(number: number): void;
  /** A receiver that accepted an alarm says whether it wants to speak: to be kept, or to be followed. */
  orderCall(effect: Extract<AlarmEffect, { readonly type: "keep-call" | "grant-call" }>): void;
  log(effect: Extract<AlarmEffect, { readonly type: "log" | "hops" }>): void;
  /** After each step. `pending`: a person waits for somebody. */
  stepped(reports: readonly Report[], pending: boolean): void;
}

export interface AlarmDeskOptions {
  readonly context: UnitContext;
  readonly numbers: ReportNumbers;
  readonly plan: AlarmPlan;
  /** Seed of the machine's chance. */
  readonly dice: number;
  readonly hands: AlarmHands;
}

export class AlarmDesk {
  private readonly options: AlarmDeskOptions;
  private readonly runner: Runner<AlarmState, AlarmEvent, AlarmEffect>;
  private readonly wake: Wake;
  /** Whether the journal took the report that was stored last. */
  private kept: boolean;
  /** The wall time at the unit's start as the machine knows it, s; 0 before it does. */
  private toldStartS: number;

  constructor(options: AlarmDeskOptions) {
    const context = options.context;
    this.options = options;
    this.kept = true;
    this.toldStartS = 0;
    this.wake = new Wake(context.clock, () =>
      this.hear({ type: "due", nowMs: this.nowMs(), number: options.numbers.next() }),
    );
    this.runner = new Runner(
      stepAlarms,
      startAlarms(options.plan, options.plan.routes[0] as Route, options.dice),
      (effect) => this.perform(effect),
      observerOf(context, "alarm"),
    );
  }

  get state(): AlarmState {
    return this.runner.state;
  }

  /** Takes up what a former life of the unit left. */
  restore(): void {
    const reports = keptReports(this.options.context.records);
    for (const report of reports) if (report.facts.bond >= 0) this.options.hands.remember(report);
    if (reports.length > 0) this.hear({ type: "restored", nowMs: this.nowMs(), reports });
  }

  hear(event: AlarmEvent): void {
    this.runner.dispatch(event);
    let pending = false;
    for (const report of this.runner.state.reports)
      if (report.facts.kind === "user-alarm" && isPending(report)) pending = true;
    this.options.hands.stepped(this.runner.state.reports, pending);
  }

  /** The number under which its acceptance is told. */
  raise(order: RaiseOrder, origin: Origin): number {
    const number = this.options.numbers.next();
    this.hear({ type: "raised", nowMs: this.nowMs(), number, order, ageS: 0, origin, call: undefined });
    return number;
  }

  /** A network's Date has whole seconds: only what differs by more is a new time. */
  clockSet(): void {
    const nowMs = this.nowMs();
    const wallS = this.options.context.wallClock.seconds(nowMs);
    const startS = wallS - Math.floor(nowMs / 1000);
    if (wallS < 0 || Math.abs(startS - this.toldStartS) <= 2) return;
    this.toldStartS = startS;
    this.hear({ type: "clock-known", nowMs, wallS });
  }

  /** The receiver that a kept report's session is with; -1 where there is none. */
  receiverOf(number: number, part: number): number {
    for (const report of this.runner.state.reports) {
      if (report.number !== number) continue;
      const session = sessionOf(report, part);
      return session === undefined ? -1 : session.receiver;
    }
    return -1;
  }

  /** Whether that report is the call of a person's button. */
  isPress(number: number): boolean {
    for (const report of this.runner.state.reports)
      if (report.number === number) return report.facts.bond >= 0 && report.facts.kind === "user-alarm";
    return false;
  }

  private nowMs(): number {
    return this.options.context.clock.nowMs();
  }

  private perform(effect: AlarmEffect): void {
    const hands = this.options.hands;
    switch (effect.type) {
      case "store":
        this.kept = keepReport(this.options.context.records, effect.report);
        if (!this.kept) hands.show("fault");
        return;
      case "forget":
        forgetReport(this.options.context.records, effect.report);
        return;
      case "tell-button":
        // What is not on flash is sent all the same, but not called received: the button goes on calling.
        if (effect.step === "accepted" || this.kept) hands.acknowledge(effect.bond, effect.name, effect.step);
        return;
      case "show":
        hands.show(effect.signal);
        return;
      case "say":
        this.options.context.say(effect.phrase);
        return;
      case "tell-department":
        hands.accepted(effect.number);
        return;
      case "keep-call":
      case "grant-call":
        hands.orderCall(effect);
        return;
      case "log":
      case "hops":
        hands.log(effect);
        return;
      case "send":
        hands.send(effect.attempt, effect.report);
        return;
      case "stop":
        hands.stop(effect.attempt);
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }
}

/** What provisioning says of the alarms. */
export function planOf(settings: UnitSettings): AlarmPlan {
  const own = departmentsOf(settings);
  return {
    receiverCount: settings.receivers.length,
    routes: routesOf(settings.policy),
    staggerMs: settings.staggerMs,
    preAlarmMs: own.alarm.preAlarmS * 1000,
    fallDelayMs: own.alarm.fallDelayS * 1000,
    testReceiver: own.supervision.autolarmReceiver,
  };
}
