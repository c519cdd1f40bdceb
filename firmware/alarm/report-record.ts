/**
 * A report as it stands in the journal: all that must outlive a power cut, in at most 200 bytes. Times of the running
 * unit are not kept; after a restart everything pending is due at once.
 */

import type { Reader } from "../../protocol/bytes/reader.ts";
import type { Writer } from "../../protocol/bytes/writer.ts";
import type { Codec } from "../../protocol/codec.ts";
import { bad, ok } from "../../protocol/result.ts";
import { textOf, utf8 } from "../../protocol/text/utf8.ts";
import { newReport } from "./press.ts";
import {
  change,
  kindsByUrgency,
  newSession,
  type Press,
  type Report,
  type Session,
  type SessionState,
} from "./report.ts";

const version = 1;
const sessionStates: readonly SessionState[] = ["open", "hold", "accepted", "refused", "owed", "withdrawn"];

const bitMinimal = 1;
const bitCancelled = 2;
const bitAccepted = 4;
const bitWallClock = 8;

/** The longest record is 174 bytes: 8 presses, 8 sessions, 8 characters of identity and 32 two-byte characters of text. */
export const reportRecordLimit = 200;

export const reportRecord: Codec<Report> = {
  encode(report, to) {
    to.u8(version);
    to.u8(kindsByUrgency.indexOf(report.facts.kind));
    to.u8(
      (report.minimal ? bitMinimal : 0) |
        (report.cancelled ? bitCancelled : 0) |
        (report.acceptedMs >= 0 ? bitAccepted : 0) |
        (report.facts.clock === "wall" ? bitWallClock : 0),
    );
    putNumber(to, report.number);
    to.u16(report.facts.dty);
    to.u16(report.facts.stc);
    putText(to, report.facts.did);
    putText(to, report.facts.stt);
    to.u8(report.facts.bond + 1);
    to.u32(report.facts.seconds);
    to.u16(Math.min(report.pressCount, 0xffff));
    to.u32(report.counter);
    to.u8(report.presses.length);
    for (const press of report.presses) {
      to.u32(press.name);
      to.u8(press.accepted ? 1 : 0);
    }
    to.u16(report.nextPart);
    to.u8(report.sessions.length);
    for (const session of report.sessions) {
      to.u8(session.receiver);
      to.u16(session.part);
      to.u8(sessionStates.indexOf(session.at) + (session.minimal ? 0x80 : 0));
    }
  },

  decode(from) {
    if (from.u8() !== version) return bad({ kind: "unknown-value", at: 0, field: "version", value: "other" });
    const kind = kindsByUrgency[from.u8()];
    const bits = from.u8();
    const number = takeNumber(from);
    const dty = from.u16();
    const stc = from.u16();
    const did = takeText(from);
    const stt = takeText(from);
    const bond = from.u8() - 1;
    const seconds = from.u32();
    const pressCount = from.u16();
    const counter = from.u32();
    const presses = takePresses(from);
    const nextPart = from.u16();
    const sessions = takeSessions(from);
    if (from.overrun) return bad({ kind: "truncated", at: from.at });
    if (kind === undefined) return bad({ kind: "unknown-value", at: 1, field: "kind", value: "other" });
    if (sessions === undefined) return bad({ kind: "unknown-value", at: from.at, field: "session", value: "other" });
    const clock = (bits & bitWallClock) !== 0 ? "wall" : "start";
    const report = newReport(number, { kind, dty, stc, did, stt, bond, clock, seconds }, 0);
    return ok(
      change(report, {
        presses,
        pressCount,
        counter,
        sessions,
        nextPart,
        minimal: (bits & bitMinimal) !== 0,
        cancelled: (bits & bitCancelled) !== 0,
        acceptedMs: (bits & bitAccepted) !== 0 ? 0 : -1,
      }),
    );
  },
};

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
  to.u8(bytes.length);
  to.put(bytes);
}

function takeText(from: Reader): string {
  const bytes = from.view(from.u8());
  return textOf(bytes, 0, bytes.length);
}

function takePresses(from: Reader): Press[] {
  const presses: Press[] = [];
  const count = from.u8();
  for (let i = 0; i < count && !from.overrun; i++) presses.push({ name: from.u32(), accepted: from.u8() === 1 });
  return presses;
}

function takeSessions(from: Reader): Session[] | undefined {
  const sessions: Session[] = [];
  const count = from.u8();
  for (let i = 0; i < count && !from.overrun; i++) {
    const receiver = from.u8();
    const part = from.u16();
    const code = from.u8();
    const at = sessionStates[code & 0x7f];
    if (at === undefined) return undefined;
    // Kept before its first byte left: whether one did is not known any more, and a withdrawal too many does no harm.
    const session = newSession(receiver, part, code >= 0x80, 0);
    sessions.push(Object.assign({}, session, { at, sends: 1 }));
  }
  return sessions;
}
