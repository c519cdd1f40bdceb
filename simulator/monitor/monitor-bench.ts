/** Units and receivers by hand, for the tests of the monitor. */
import type { ReceiverEvent, ReceiverSign } from "../peers/receiver-events.ts";
import { receiverEvent } from "../peers/receiver-events.ts";
import type { Monitor, Notice } from "./monitor.ts";
import { learnedUnit, type RegistryUnit } from "./registry.ts";

export const minuteMs = 60_000;

/** A notice as tests read it: English, and one word for cause and phase. */
export interface PlainNotice {
  readonly t: number;
  readonly what: string;
  readonly subject: string;
  readonly units: number;
  readonly outage: number;
  readonly evidence: string;
}

const words: Readonly<Record<string, string>> = {
  "single-unit suspected": "unit-silent",
  "single-unit confirmed": "unit-confirmed",
  "single-unit closed": "unit-back",
  "server suspected": "server-suspected",
  "server confirmed": "server-confirmed",
  "server closed": "server-cleared",
};

export function plain(notices: readonly Notice[]): PlainNotice[] {
  return notices.map(({ t, cause, phase, subject, units, outage, evidence }) => {
    const what = words[`${cause} ${phase}`] ?? `${cause} ${phase}`;
    return { t, what, subject, units: units.length, outage, evidence: evidence.en };
  });
}

/** Lets the monitor live by its own deadlines until `untilMs`. */
export function live(monitor: Monitor, untilMs: number): PlainNotice[] {
  const notices: Notice[] = [];
  for (let due = monitor.dueMs(); due !== undefined && due <= untilMs; due = monitor.dueMs())
    notices.push(...monitor.pass(due));
  notices.push(...monitor.pass(untilMs));
  return plain(notices);
}

let lastId = 1_000_000;

/** A unit's message that is heard at `t` and, by its kind, answered. */
export function hear(
  monitor: Monitor,
  receiver: string,
  cid: string,
  t: number,
  kind: "accepted" | "unanswered" | "unheard" | "refused",
): PlainNotice[] {
  const id = ++lastId;
  const notices = [...monitor.hear(receiver, { type: "heard", id, cid }, t)];
  const tell = (sign: ReceiverSign) => notices.push(...monitor.hear(receiver, sign, t));
  if (kind !== "unheard") tell({ type: "carried", id, cid, ref: "A" + id });
  if (kind === "accepted" || kind === "refused")
    tell({ type: "answered", id, cid, ref: "A" + id, snu: kind === "accepted" ? 0 : 5 });
  return plain(notices);
}

/** Of the receiver `main`, sharing nothing with anybody unless said. */
export function unitOf(cid: string, more: Partial<RegistryUnit> = {}): RegistryUnit {
  return { ...learnedUnit(cid, "main"), ...more };
}

/** A technical report of the unit, as a receiver puts it down. */
export function reportOf(cid: string, dty: number, stc: number, did?: string): ReceiverEvent {
  const ref = "R" + ++lastId;
  const told = { type: "alarm" as const, cid, ref, mty: "ME", dty, stc, did, answer: "snu 0" };
  return receiverEvent(told, 0, { host: "10.0.0.1", port: 5060 }, "udp");
}
