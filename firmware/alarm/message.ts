/**
 * The SCAIP requests of a unit (SS 91100 table 1). An `mrq` is made from the report's record alone, so that a retry, a
 * hold poll and a restart all send the same bytes.
 */

import { pressedText, utcText } from "../../protocol/scaip/pressed.ts";
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import { refOf, stemOf } from "../../protocol/scaip/stem.ts";
import { localUnit } from "../department.ts";
import type { Attempt } from "./alarm-state.ts";
import { deviceText, factsText, statusText } from "./facts.ts";
import { isAccepted, isRaced, type Report, sessionOf, updateOf } from "./report.ts";

/** Who speaks: the account number and the first five characters of every stem. */
export interface Sender {
  readonly cid: string;
  readonly prefix: string;
  /** Media over which an alarm may be spoken about (SS 91100 table 1, `crd`); absent: none. */
  readonly crd?: readonly string[] | undefined;
}

const protocolVersion = "01.00";
const noVoice: readonly string[] = ["no-voice:"];
/** SCAIP status codes (SS 91100 annex C). */
const cancelled = 19;
const substituted = 98;
const timeOut = 104;
const testOverPrimary = 102;
const testOverRedundant = 103;

/** The message of an attempt: the alarm itself, its update, or its withdrawal. */
export function messageOf(sender: Sender, report: Report, attempt: Attempt): ScaipRequest {
  const ref = refOf(stemOf(sender.prefix, report.number), attempt.part);
  switch (attempt.what) {
    case "ME":
      return alarm(sender, ref, report, attempt.part);
    case "IN":
      return update(sender, ref, report, attempt.part);
    case "RE":
      return withdrawal(sender, ref, report);
  }
}

/** A heartbeat (SS 91100 4.5) that says whether it came over the policy's first route. */
export function beatMessage(sender: Sender, number: number, primary: boolean): ScaipRequest {
  return {
    ref: refOf(stemOf(sender.prefix, number), 0),
    ver: protocolVersion,
    mty: "PI",
    cid: sender.cid,
    dty: localUnit,
    crd: noVoice,
    stc: primary ? testOverPrimary : testOverRedundant,
  };
}

function alarm(sender: Sender, ref: string, report: Report, part: number): ScaipRequest {
  const facts = report.facts;
  const session = sessionOf(report, part);
  if (session !== undefined && session.minimal) return { ref, cid: sender.cid, dty: facts.dty, stc: facts.stc };
  const request: ScaipRequest = {
    ref,
    ver: protocolVersion,
    mty: "ME",
    cid: sender.cid,
    dty: facts.dty,
    crd: isRaced(report) ? (sender.crd ?? noVoice) : noVoice,
    stc: facts.stc,
    ite: factsText(facts),
  };
  const dte = deviceText(facts.origin);
  const stt = statusText(facts);
  const where = facts.origin.where;
  return Object.assign(
    request,
    facts.did === "" ? {} : { did: facts.did },
    facts.origin.dco === 0 ? {} : { dco: facts.origin.dco },
    dte === "" ? {} : { dte },
    stt === "" ? {} : { stt },
    where === "" ? {} : { lte: where },
  );
}

function update(sender: Sender, ref: string, report: Report, part: number): ScaipRequest {
  const owed = updateOf(report, part);
  const count = report.pressCount > 1 ? "pressed " + report.pressCount + " times" : "";
  const learned = after(count, owed === undefined ? "" : owed.text);
  const ite = report.timeTold ? learned : after(learned, correctedText(report));
  return Object.assign(plain(sender, ref, report, "IN", report.facts.stc), ite === "" ? {} : { ite });
}

function after(before: string, text: string): string {
  return before === "" || text === "" ? before + text : before + "; " + text;
}

/** The time of the alarm, where its first message could not tell it. */
function correctedText(report: Report): string {
  if (report.corrected === "none") return "";
  if (report.corrected === "exact") return pressedText("wall", report.correctedS);
  return "pressed before " + utcText(report.correctedS);
}

/** Cancelled by the wearer, taken by another receiver, or held for too long. */
function withdrawal(sender: Sender, ref: string, report: Report): ScaipRequest {
  if (report.cancelled) return plain(sender, ref, report, "RE", cancelled);
  if (!isAccepted(report)) return plain(sender, ref, report, "RE", timeOut);
  return Object.assign(plain(sender, ref, report, "RE", substituted), { stt: "mottaget av annan" });
}

function plain(sender: Sender, ref: string, report: Report, mty: "IN" | "RE", stc: number): ScaipRequest {
  return { ref, ver: protocolVersion, mty, cid: sender.cid, dty: report.facts.dty, crd: noVoice, stc };
}
