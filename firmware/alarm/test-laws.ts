/** For tests only: what must hold at every step of the alarm machine, judged by its events and effects. A breach throws. */
import { type AlarmEffect, type AlarmEvent, type AlarmState, attemptLimit, reportLimit } from "./alarm-state.ts";
import { isPending, isRaced, isRacedKind, type Report, sessionLimit, sessionOf } from "./report.ts";
import { ReportLaws } from "./test-report-laws.ts";

interface Book {
  [key: string]: number;
}

/** A pending alarm is looked at again within a round of four paths and the longest pause. */
const longestSilenceMs = 600_000 + 60_000;
const betweenRoundsMs = 5_000;

export class AlarmLaws {
  /** By reference: its receiver, and 1 where it was stored, answered 0, accepted (before any `RE`), withdrawn. */
  private readonly receiverOf: Book;
  private readonly stored: Book;
  private readonly answered0: Book;
  private readonly accepted: Book;
  private readonly withdrawn: Book;
  /** By button and press: 1 stored, 2 told "received", 3 accepted, 4 cancelled. */
  private readonly presses: Book;
  /** By reference: 1 an update that tells of all presses so far was sent, 2 it was carried. */
  private readonly updates: Book;
  private readonly roundMs: Book;
  private readonly hasLeft: Book;
  private readonly reportLaws: ReportLaws;

  constructor() {
    this.receiverOf = {};
    this.stored = {};
    this.answered0 = {};
    this.accepted = {};
    this.withdrawn = {};
    this.presses = {};
    this.updates = {};
    this.roundMs = {};
    this.hasLeft = {};
    this.reportLaws = new ReportLaws();
  }

  /** One step: what came, what was carried out of the effects (`cut`: not all of them), and what is now. */
  check(
    before: AlarmState,
    event: AlarmEvent,
    effects: readonly AlarmEffect[],
    after: AlarmState,
    wakeMs: number,
    cut: boolean,
  ): void {
    // An answer that the power cut off before it was kept has not been heard.
    if (event.type === "answered" && event.snu === 0 && (!cut || isKept(effects, event.number)))
      this.noteAcceptance(before, event);
    if (event.type === "carried") this.noteCarried(before, event.attempt);
    for (const effect of effects) this.checkEffect(before, event, effect);
    if (event.type === "restored") for (const report of event.reports) this.noteRestored(report);
    if (cut) return;
    checkSends(effects);
    this.checkBounds(after);
    this.checkRounds(event.nowMs, after);
    this.checkNotForgotten(event.nowMs, after, wakeMs);
    this.reportLaws.check(before, event, effects, after);
    checkFirstSend(event, effects, after);
  }

  /** A withdrawal that was owed may have left before the power went. */
  private noteRestored(report: Report): void {
    this.roundMs["" + report.number] = -1;
    for (const session of report.sessions)
      if (session.at === "owed") this.withdrawn[refKey(report.number, session.part)] = 1;
  }

  private noteAcceptance(before: AlarmState, event: Extract<AlarmEvent, { type: "answered" }>): void {
    const ref = refKey(event.number, event.part);
    if (this.receiverOf[ref] !== event.receiver || known(before, event.number) === undefined) return;
    this.answered0[ref] = 1;
    if (this.withdrawn[ref] === undefined) this.accepted[ref] = 1;
  }

  private noteCarried(before: AlarmState, id: number): void {
    for (const attempt of before.attempts) {
      const ref = refKey(attempt.number, attempt.part);
      if (attempt.id === id && attempt.what === "IN" && this.updates[ref] === 1) this.updates[ref] = 2;
    }
  }

  private checkEffect(before: AlarmState, event: AlarmEvent, effect: AlarmEffect): void {
    if (effect.type === "store") this.noteStore(effect.report, event);
    if (effect.type === "send") this.checkSend(effect);
    if (effect.type !== "tell-button") return;
    const press = effect.bond + " " + effect.name;
    if (effect.step === "accepted") this.checkAccepted(before, event, effect.bond, effect.name);
    else if (isCall(event)) {
      if (this.presses[press] === undefined && isAbsorbed(before, event)) return;
      if (this.presses[press] === undefined) breach("received was told before the press was stored: " + press);
      const isAlarm = event.type === "pressed" || isRacedKind(event.order.kind);
      if (this.presses[press] === 1 && isAlarm) this.presses[press] = 2;
    }
  }

  private noteStore(report: Report, event: AlarmEvent): void {
    for (const session of report.sessions) {
      const ref = refKey(report.number, session.part);
      this.stored[ref] = 1;
      if (this.receiverOf[ref] !== undefined && this.receiverOf[ref] !== session.receiver)
        breach(ref + " stands for two receivers");
      this.receiverOf[ref] = session.receiver;
    }
    const answered = event.type === "answered" && event.snu === 0 && event.number === report.number;
    for (const each of report.presses) {
      const press = report.facts.bond + " " + each.name;
      // Below an alarm a report may make room, whoever called for it.
      if (!isRaced(report)) this.presses[press] = each.accepted ? 3 : 1;
      if (this.presses[press] === undefined) {
        this.presses[press] = 1;
        for (const session of report.sessions) this.updates[refKey(report.number, session.part)] = 0;
      }
      // Stored and then the power went: the button may hear of it when it asks.
      if (answered && each.accepted) this.presses[press] = 3;
      if (report.cancelled && this.presses[press] !== 3) this.presses[press] = 4;
    }
  }

  private checkSend(effect: Extract<AlarmEffect, { type: "send" }>): void {
    const attempt = effect.attempt;
    const what = attempt.what;
    const ref = refKey(attempt.number, attempt.part);
    if (this.stored[ref] === undefined) breach(ref + " was sent before its session was stored");
    if (this.receiverOf[ref] !== attempt.path.receiver) breach(ref + " stands for two receivers");
    if (what === "ME" && this.withdrawn[ref] !== undefined) breach(ref + " was withdrawn and carries ME again");
    if (what === "RE") {
      if (this.accepted[ref] !== undefined && !effect.report.cancelled) breach(ref + " was accepted and is withdrawn");
      this.withdrawn[ref] = 1;
    }
    if (what === "IN") {
      if (this.answered0[ref] === undefined) breach(ref + " was not accepted and is updated");
      if (this.updates[ref] !== 2) this.updates[ref] = 1;
    }
  }

  private checkAccepted(before: AlarmState, event: AlarmEvent, bond: number, name: number): void {
    const press = bond + " " + name;
    if (isCall(event)) {
      if (this.presses[press] !== 3) breach("accepted was repeated and had never been told: " + press);
      return;
    }
    if (event.type !== "answered" || event.snu !== 0) breach("accepted was told without an answer 0: " + press);
    else {
      const ref = refKey(event.number, event.part);
      if (this.accepted[ref] === undefined) breach("accepted was told for a reference nobody accepted: " + press);
      const report = known(before, event.number);
      const session = report === undefined ? undefined : sessionOf(report, event.part);
      if (report === undefined || session === undefined || session.receiver !== event.receiver)
        breach("accepted was told for an unknown reference: " + press);
      else if (report.facts.bond !== bond) breach("accepted was told to another button: " + press);
      else if (!isInMessage(report, name) && this.updates[ref] !== 2)
        breach("accepted was told for a press that no message and no carried update told of: " + press);
    }
  }

  private checkBounds(after: AlarmState): void {
    if (after.reports.length > reportLimit) breach("too many reports");
    if (after.attempts.length > attemptLimit) breach("too many attempts");
    for (const report of after.reports) {
      if (report.sessions.length > sessionLimit) breach("too many sessions");
      if (report.updates.length > report.sessions.length) breach("too many updates");
    }
  }

  private checkRounds(nowMs: number, after: AlarmState): void {
    for (const report of after.reports) {
      if (report.round === 0) continue;
      const key = "" + report.number;
      // What has never left the unit has had no round that anybody could answer.
      const before = this.hasLeft[key] === 1 ? this.roundMs[key] : undefined;
      this.hasLeft[key] = report.sentMs >= 0 ? 1 : 0;
      if (this.roundMs[key] === report.roundMs) continue;
      if (report.roundMs !== nowMs) breach("a round that did not start now");
      if (before !== undefined && before >= 0 && nowMs < before + betweenRoundsMs) breach("two rounds in five seconds");
      this.roundMs[key] = nowMs;
    }
  }

  /** Whatever a button was told is safe is accepted, cancelled or still on its way, and will be looked at again. */
  private checkNotForgotten(nowMs: number, after: AlarmState, wakeMs: number): void {
    for (const report of after.reports) {
      if (isPending(report) && report.at !== "waiting" && isRaced(report)) {
        if (wakeMs < 0 || wakeMs > nowMs + longestSilenceMs)
          breach("nobody looks at report " + report.number + " again");
        if (report.at !== "round" && report.at !== "pause" && report.at !== "delayed")
          breach("a pending alarm that rests");
      }
    }
    for (const press in this.presses) {
      if (this.presses[press] !== 2) continue;
      if (!this.isOnItsWay(after, press)) breach("press " + press + " was told to be safe and is forgotten");
    }
  }

  private isOnItsWay(after: AlarmState, press: string): boolean {
    let counted = false;
    for (const report of after.reports) {
      const bond = report.facts.bond + " ";
      if (press.substring(0, bond.length) !== bond) continue;
      let newest = 0;
      for (const each of report.presses) {
        newest = Math.max(newest, each.name);
        if (bond + each.name !== press) continue;
        if (isPending(report)) return true;
        for (const update of report.updates) if (update.ofPress) return true;
        return each.accepted || report.cancelled;
      }
      // Beyond the presses that are named only their number is kept, under a newer name.
      if (report.pressCount > report.presses.length && newest > Number(press.substring(bond.length))) counted = true;
    }
    return counted;
  }
}

/** Each may fail at once and raise an event: the runner holds 64. */
function checkSends(effects: readonly AlarmEffect[]): void {
  let sends = 0;
  for (const effect of effects) if (effect.type === "send") sends++;
  if (sends > reportLimit) breach("too many messages in one step");
}

/** An alarm's first message leaves in the very step of its call, whatever else waits, unless the wearer may take it back. */
function checkFirstSend(event: AlarmEvent, effects: readonly AlarmEffect[], after: AlarmState): void {
  if (event.type !== "pressed" && event.type !== "raised" && event.type !== "key-pressed") return;
  const report = known(after, event.number);
  if (report === undefined || !isRaced(report) || report.at === "delayed") return;
  // Where all that is under way is more urgent, what is no alarm of a person waits for its next path.
  if (report.facts.kind !== "user-alarm" && after.attempts.length >= attemptLimit) return;
  for (const effect of effects)
    if (effect.type === "send" && effect.attempt.number === event.number && effect.attempt.what === "ME") return;
  breach("an alarm whose first message waits");
}

type CallEvent = Extract<AlarmEvent, { type: "pressed" | "raised" }>;

function isCall(event: AlarmEvent): event is CallEvent {
  if (event.type === "pressed") return event.reason === "call" || event.reason === "fall";
  return event.type === "raised" && event.call !== undefined;
}

/** One more change of what was told as unstable stands in no report of its own. */
function isAbsorbed(before: AlarmState, event: CallEvent): boolean {
  if (event.type !== "raised" || event.order.kind !== "technical") return false;
  for (const flap of before.flaps) if (flap.state !== "counted" && flap.facts.bond === event.order.bond) return true;
  return false;
}

function isKept(effects: readonly AlarmEffect[], number: number): boolean {
  for (const effect of effects) if (effect.type === "store" && effect.report.number === number) return true;
  return false;
}

function known(state: AlarmState, number: number): Report | undefined {
  for (const report of state.reports) if (report.number === number) return report;
  return undefined;
}

/** Below an alarm all is; of an alarm what it was made of. Read from the facts, which never change. */
function isInMessage(report: Report, name: number): boolean {
  for (let i = 0; i < report.presses.length; i++)
    if ((report.presses[i] as { name: number }).name === name) return !isRaced(report) || i < report.facts.times;
  return false;
}

function refKey(number: number, part: number): string {
  return number + "/" + part;
}

function breach(what: string): never {
  throw new Error("law broken: " + what);
}
