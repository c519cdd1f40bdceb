/**
 * A report as it stands in the journal: all that must outlive a power cut, in at most 200 bytes. Monotonic times of
 * the running unit are not kept; after a restart everything pending is due at once.
 */

import type { Reader } from "../../protocol/bytes/reader.ts";
import type { Writer } from "../../protocol/bytes/writer.ts";
import type { Codec } from "../../protocol/codec.ts";
import { bad, ok } from "../../protocol/result.ts";
import { textOf, utf8 } from "../../protocol/text/utf8.ts";
import { type Facts, type Marks, type Origin, textByteLimit } from "./facts.ts";
import {
  change,
  kindsByUrgency,
  newReport,
  newSession,
  type Press,
  type PressInstant,
  type Report,
  type Session,
  type SessionState,
} from "./report.ts";

const version = 3;
/** Without the time of the oldest press that nobody took. */
const formerVersion = 2;
const sessionStates: readonly SessionState[] = ["open", "hold", "accepted", "refused", "owed", "withdrawn"];
/** Behind the states stand those two again where the receiver has said hold; "hold" says that by itself. */
const refusedHeld = 6;
const owedHeld = 7;
const forms: readonly Origin["form"][] = ["none", "wrist", "neck", "wall"];
const stabilities: readonly Facts["stability"][] = ["usual", "unstable", "rested"];
const corrections: readonly Report["corrected"][] = ["none", "exact", "before"];

const bitMinimal = 1;
const bitCancelled = 2;
const bitAccepted = 4;
const bitTimeTold = 8;
const correctionUnit = 16;
const bitUntakenWall = 64;

const bitWallClock = 1;
const bitSuspended = 2;
const bitReturned = 4;
const bitTestMode = 8;
const bitOnBattery = 16;
const bitLow = 32;
const formUnit = 64;

/** Stands for "none" where a time or a status code would stand. */
const noTime = 0xffffffff;
const noCode = 0xffff;
const stepMv = 20;

/** The longest record is 200 bytes: 8 presses, 8 sessions, 8 characters of identity and two texts of 40 bytes. */
export const reportRecordLimit = 200;

export const reportRecord: Codec<Report> = {
  encode(report, to) {
    to.u8(version);
    to.u8(kindsByUrgency.indexOf(report.facts.kind) + 16 * stabilities.indexOf(report.facts.stability));
    to.u8(
      (report.minimal ? bitMinimal : 0) |
        (report.cancelled ? bitCancelled : 0) |
        (report.acceptedMs >= 0 ? bitAccepted : 0) |
        (report.timeTold ? bitTimeTold : 0) |
        (corrections.indexOf(report.corrected) * correctionUnit) |
        (report.untaken.clock === "wall" ? bitUntakenWall : 0),
    );
    putNumber(to, report.number);
    putFacts(to, report.facts);
    to.u32(report.correctedS);
    to.u32(report.endedS < 0 ? noTime : report.endedS);
    to.u16(Math.min(report.pressCount, 0xffff));
    to.u32(report.counter);
    putPresses(to, report.presses);
    to.u32(report.untaken.seconds >>> 0);
    to.u16(report.nextPart);
    to.u8(report.sessions.length);
    for (const session of report.sessions) {
      to.u8(stateCode(session) + session.receiver * 8 + (session.minimal ? 0x80 : 0));
      to.u16(session.part);
    }
  },

  decode(from) {
    const written = from.u8();
    if (written !== version && written !== formerVersion)
      return bad({ kind: "unknown-value", at: 0, field: "version", value: "other" });
    const kinds = from.u8();
    const kind = kindsByUrgency[kinds & 15];
    const stability = stabilities[kinds >>> 4];
    const bits = from.u8();
    const corrected = corrections[(bits >>> 4) & 3];
    const number = takeNumber(from);
    if (kind === undefined || stability === undefined || corrected === undefined)
      return bad({ kind: "unknown-value", at: 1, field: "kind", value: "other" });
    const facts = takeFacts(from, kind, stability);
    const correctedS = from.u32();
    const endedS = from.u32();
    const pressCount = from.u16();
    const counter = from.u32();
    const presses = takePresses(from);
    // An older record has the press that the alarm began with: the others followed it.
    const untaken: PressInstant =
      written === formerVersion
        ? { clock: facts.clock, seconds: facts.seconds, atMs: -1 }
        : takeInstant(from, (bits & bitUntakenWall) !== 0);
    const nextPart = from.u16();
    const sessions = takeSessions(from);
    if (from.overrun) return bad({ kind: "truncated", at: from.at });
    return ok(
      change(newReport(number, facts, 0), {
        presses,
        pressCount,
        untaken,
        counter,
        sessions,
        nextPart,
        corrected,
        correctedS,
        endedS: endedS === noTime ? -1 : endedS,
        minimal: (bits & bitMinimal) !== 0,
        cancelled: (bits & bitCancelled) !== 0,
        timeTold: (bits & bitTimeTold) !== 0,
        acceptedMs: (bits & bitAccepted) !== 0 ? 0 : -1,
      }),
    );
  },
};

function putFacts(to: Writer, facts: Facts): void {
  const marks = facts.marks;
  to.u8(
    (facts.clock === "wall" ? bitWallClock : 0) |
      (marks.suspended ? bitSuspended : 0) |
      (marks.returned ? bitReturned : 0) |
      (marks.testMode ? bitTestMode : 0) |
      (marks.onBattery ? bitOnBattery : 0) |
      (facts.origin.low ? bitLow : 0) |
      (forms.indexOf(facts.origin.form) * formUnit),
  );
  to.u16(facts.dty);
  to.u16(facts.stc);
  putText(to, facts.did);
  putText(to, facts.stt);
  putText(to, facts.origin.where);
  to.u8(facts.bond + 1);
  to.u32(facts.seconds >>> 0);
  to.u32(facts.untilS < 0 ? noTime : facts.untilS);
  to.u16(facts.times);
  to.u16(facts.restores < 0 ? noCode : facts.restores);
  to.u8(facts.origin.dco);
  to.u8(facts.origin.person);
  to.u8(Math.floor(facts.origin.batteryMv / stepMv));
}

function takeFacts(from: Reader, kind: Facts["kind"], stability: Facts["stability"]): Facts {
  const bits = from.u8();
  const dty = from.u16();
  const stc = from.u16();
  const did = takeText(from);
  const stt = takeText(from);
  const where = takeText(from);
  const bond = from.u8() - 1;
  const instant = takeInstant(from, (bits & bitWallClock) !== 0);
  const untilS = from.u32();
  const times = from.u16();
  const restores = from.u16();
  const dco = from.u8();
  const person = from.u8();
  const batteryMv = from.u8() * stepMv;
  const low = (bits & bitLow) !== 0;
  const form = forms[bits >>> 6] as Origin["form"];
  return {
    kind,
    dty,
    stc,
    did,
    stt,
    bond,
    clock: instant.clock,
    seconds: instant.seconds,
    untilS: untilS === noTime ? -1 : untilS,
    times,
    restores: restores === noCode ? -1 : restores,
    stability,
    origin: { person, form, where, dco, batteryMv, low },
    marks: marksIn(bits),
  };
}

/** By the clock of a start an instant may have been before it, up to 2^31 s. */
function takeInstant(from: Reader, wall: boolean): PressInstant {
  const seconds = from.u32();
  return { clock: wall ? "wall" : "start", seconds: wall ? seconds : seconds | 0, atMs: -1 };
}

function marksIn(bits: number): Marks {
  return {
    suspended: (bits & bitSuspended) !== 0,
    returned: (bits & bitReturned) !== 0,
    testMode: (bits & bitTestMode) !== 0,
    onBattery: (bits & bitOnBattery) !== 0,
  };
}

/** Report numbers go beyond 32 bits: seven base-36 digits. */
function putNumber(to: Writer, number: number): void {
  to.u16(Math.floor(number / 0x1_0000_0000));
  to.u32(number % 0x1_0000_0000);
}

function takeNumber(from: Reader): number {
  return from.u16() * 0x1_0000_0000 + from.u32();
}

function putText(to: Writer, text: string): void {
  const bytes = utf8(text);
  if (bytes.length > textByteLimit) throw new Error("report-record: a text too long");
  to.u8(bytes.length);
  to.put(bytes);
}

function takeText(from: Reader): string {
  const bytes = from.view(from.u8());
  return textOf(bytes, 0, bytes.length);
}

/** The names, and one bit for each that was accepted. */
function putPresses(to: Writer, presses: readonly Press[]): void {
  to.u8(presses.length);
  let accepted = 0;
  for (let i = 0; i < presses.length; i++) if ((presses[i] as Press).accepted) accepted |= 1 << i;
  to.u8(accepted);
  for (const press of presses) to.u32(press.name);
}

function takePresses(from: Reader): Press[] {
  const presses: Press[] = [];
  const count = from.u8();
  const accepted = from.u8();
  for (let i = 0; i < count && !from.overrun; i++)
    presses.push({ name: from.u32(), accepted: ((accepted >>> i) & 1) === 1 });
  return presses;
}

function stateCode(session: Session): number {
  if (session.held && session.at === "refused") return refusedHeld;
  if (session.held && session.at === "owed") return owedHeld;
  return sessionStates.indexOf(session.at);
}

function takeSessions(from: Reader): Session[] {
  const sessions: Session[] = [];
  const count = from.u8();
  for (let i = 0; i < count && !from.overrun; i++) {
    const code = from.u8();
    const part = from.u16();
    const state = code & 7;
    const at = state === refusedHeld ? "refused" : state === owedHeld ? "owed" : (sessionStates[state] as SessionState);
    // Kept before its first byte left: whether one did is not known any more, and a withdrawal too many does no harm.
    const session = newSession((code >>> 3) & 15, part, code >= 0x80, 0);
    const held = at === "hold" || state >= refusedHeld;
    sessions.push(Object.assign({}, session, { at, sends: 1, held }));
  }
  return sessions;
}
