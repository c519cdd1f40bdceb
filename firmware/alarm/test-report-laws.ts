/** For tests only: what must hold of the facts of reports, of joining and of delays, judged at every step. A breach throws. */

import { longestDelayS } from "./alarm-settings.ts";
import type { AlarmEffect, AlarmEvent, AlarmState } from "./alarm-state.ts";
import type { Facts } from "./facts.ts";
import { flapLimit } from "./flaps.ts";
import { isAccepted, isRacedKind, isUntold, type Report } from "./report.ts";

interface Known {
  readonly facts: Facts;
  /** The facts as text, once a message was made of them. */
  readonly told: string;
}

export class ReportLaws {
  /** By report number. */
  private readonly known: { [key: string]: Known };

  constructor() {
    this.known = {};
  }

  check(before: AlarmState, event: AlarmEvent, effects: readonly AlarmEffect[], after: AlarmState): void {
    for (const report of after.reports) this.checkFacts(report);
    if (after.flaps.length > flapLimit) breach("too many subjects are counted");
    for (const report of after.reports) checkDelay(event.nowMs, report);
    for (const effect of effects) {
      if (effect.type === "send" && isDelayed(after, effect.attempt.number))
        breach("a message left before its delay was over");
      if (effect.type === "tell-department" && !isOfAccepted(after, effect.number))
        breach("a department was told of an acceptance that nobody gave: " + effect.number);
    }
    if (event.type === "raised") checkNotSwallowed(event, effects, after);
    if (event.type === "key-cancelled") checkKeyCancel(before, after);
  }

  /** What a message was made of never changes, whatever happens and however often the unit restarts. */
  private checkFacts(report: Report): void {
    const key = "" + report.number;
    const before = this.known[key];
    if (before !== undefined && before.facts === report.facts) {
      if (before.told === "" && !isUntold(report))
        this.known[key] = { facts: report.facts, told: textOf(report.facts) };
      return;
    }
    const text = textOf(report.facts);
    if (before !== undefined) {
      if (before.told !== "" && before.told !== text)
        breach("the facts of report " + key + " changed after they were told");
      const a = before.facts;
      const b = report.facts;
      if (a.bond !== b.bond || a.did !== b.did || a.dty !== b.dty || a.kind !== b.kind)
        breach("report " + key + " was joined by another device or kind");
    }
    this.known[key] = { facts: report.facts, told: isUntold(report) ? "" : text };
  }
}

function isDelayed(after: AlarmState, number: number): boolean {
  const report = reportIn(after, number);
  return report !== undefined && report.at === "delayed";
}

function checkDelay(nowMs: number, report: Report): void {
  if (report.at !== "delayed") return;
  if (report.facts.kind !== "user-alarm") breach("only what a wearer may take back waits");
  if (report.nextMs > report.raisedMs + longestDelayS * 1000 || report.nextMs <= nowMs)
    breach("a delay without an end");
}

/** Each order stands in a report, is counted as one more change, or is said to be dropped. */
function checkNotSwallowed(
  event: Extract<AlarmEvent, { type: "raised" }>,
  effects: readonly AlarmEffect[],
  after: AlarmState,
): void {
  const number = event.number;
  if (reportIn(after, number) !== undefined) return;
  for (const effect of effects)
    if (effect.type === "log" && effect.number === number && effect.what === "dropped") return;
  const call = event.call;
  for (const report of after.reports) {
    if (report.joined === number) return;
    if (call === undefined || report.facts.bond !== call.bond) continue;
    for (const press of report.presses) if (press.name === call.name) return;
  }
  if (!isRacedKind(event.order.kind)) for (const flap of after.flaps) if (flap.number === number) return;
  // A device beyond the bound is not answered, and goes on calling.
  let isAnswered = false;
  for (const effect of effects) if (effect.type === "tell-button") isAnswered = true;
  if (call === undefined || isAnswered) breach("order " + number + " was swallowed");
}

function checkKeyCancel(before: AlarmState, after: AlarmState): void {
  for (const report of before.reports) {
    const now = reportIn(after, report.number);
    if (now === undefined || now.cancelled === report.cancelled) continue;
    if (report.at !== "delayed") breach("the key cancelled an alarm that had left");
  }
}

function isOfAccepted(after: AlarmState, number: number): boolean {
  for (const report of after.reports)
    if ((report.number === number || report.joined === number) && isAccepted(report)) return true;
  // Below an alarm a report is forgotten in the step in which it is accepted.
  return reportIn(after, number) === undefined;
}

function reportIn(state: AlarmState, number: number): Report | undefined {
  for (const report of state.reports) if (report.number === number) return report;
  return undefined;
}

/** The order of properties does not count: a record brings them back in its own. */
function textOf(facts: Facts): string {
  const plain = Object.assign({}, facts, facts.marks, facts.origin);
  const names = Object.keys(plain).sort();
  let text = "";
  for (const name of names) {
    const value = plain[name as keyof typeof plain];
    if (typeof value !== "object") text += name + "=" + value + ";";
  }
  return text;
}

function breach(what: string): never {
  throw new Error("law broken: " + what);
}
