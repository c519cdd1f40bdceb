/**
 * Kept calls: whoever was promised a voice hears one. Where an acceptance asks for a call, the unit calls, and where the receiver
 * has promised to call and does not, the unit calls a minute later, also after a restart. Where nobody accepts, the numbers of
 * the fallback call are called in turn until somebody confirms with key 0.
 */
import type { KeyName } from "../../firmware/ports/keys.ts";
import type { ExchangeNews } from "../house/phone-exchange.ts";
import type { ReceiverSign } from "../peers/receiver-events.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import type { Scenario, ScenarioReceiver } from "../scenario/scenario.ts";
import { type AlarmSight, firstKnownRefs, type SeenAlarm } from "./alarm-sight.ts";
import { type Checker, Findings, instant, type RunEnd } from "./checker.ts";
import type { Hindrances } from "./hindrances.ts";

export const keptCallsCheck = "kept-calls";

/** Who promises to call has so long, then the unit calls. */
const promiseMs = 60_000;
/** A new alarm may have the line for 20 s before a call, and a modem needs some seconds. */
const callWithinMs = 30_000;
/** A modem that starts again must find its network first. */
const modemStartMs = 90_000;
/** What comes within a call, or while a failed one is tried again, joins it. */
const sessionMs = 600_000;
/** A cut so soon after the acceptance may come before it is written down. */
const writtenMs = 2_000;
/** From the end of one call to the next number, with what a modem needs to say that it is over. */
const nextNumberMs = 60_000;
/** Before the first of the numbers is called, the receivers have had their round. */
const roundMs = 60_000;
const modemBackMs = 600_000;
/** A unit that was started so often may live in minimal mode, which has no telephone. */
const manyStarts = 5;

interface FallbackCall {
  readonly to: string;
  readonly overMs: number;
  readonly isConfirmed: boolean;
}

interface Row {
  /** When the unit called or was called, over whatever telephone. */
  readonly callsMs: number[];
  readonly startedMs: number[];
  readonly stoppedMs: number[];
  /** When somebody may have said that no help is needed, or ordered the unit into another state of its life. */
  readonly changedMs: number[];
  readonly fallbacks: FallbackCall[];
  isConfirmed: boolean;
}

export class KeptCalls implements Checker {
  private readonly receivers: readonly ScenarioReceiver[];
  private readonly residents: readonly Resident[];
  private readonly sight: AlarmSight;
  private readonly hindrances: Hindrances;
  /** By reference: the receiver that accepted it. */
  private readonly acceptors: Map<string, number>;
  private readonly rows: readonly Row[];

  constructor(scenario: Scenario, residents: readonly Resident[], sight: AlarmSight, hindrances: Hindrances) {
    this.receivers = scenario.world.receivers;
    this.residents = residents;
    this.sight = sight;
    this.hindrances = hindrances.withoutCuts();
    this.acceptors = new Map();
    this.rows = residents.map(() => ({
      callsMs: [],
      startedMs: [],
      stoppedMs: [],
      changedMs: [],
      fallbacks: [],
      isConfirmed: false,
    }));
  }

  started(atMs: number, unit: number): void {
    this.rows[unit]?.startedMs.push(atMs);
  }

  stopped(atMs: number, unit: number): void {
    this.rows[unit]?.stoppedMs.push(atMs);
  }

  keyTouched(atMs: number, unit: number, key: KeyName): void {
    if (key === "cancel") this.rows[unit]?.changedMs.push(atMs);
  }

  fell(atMs: number, unit: number, _button: number, taken: "felt" | "taken-back"): void {
    if (taken === "taken-back") this.rows[unit]?.changedMs.push(atMs);
  }

  lifeOrdered(atMs: number, unit: number): void {
    this.rows[unit]?.changedMs.push(atMs);
  }

  receiverSigned(_atMs: number, receiver: number, sign: ReceiverSign): void {
    if (sign.type === "answered" && sign.snu === 0) this.acceptors.set(sign.ref, receiver);
  }

  /** A call over SIP begins with an INVITE, whoever calls. */
  datagram(atMs: number, unit: number, _route: string, _direction: string, bytes: Uint8Array): void {
    if (bytes[0] === letterI && bytes[1] === letterN && this.residents[unit]?.group.telephone?.sip === true)
      this.rows[unit]?.callsMs.push(atMs);
  }

  telephoned(
    atMs: number,
    unit: number,
    direction: "outgoing" | "incoming",
    { what, to, by, key }: ExchangeNews,
  ): void {
    const row = this.rows[unit];
    if (row === undefined) return;
    row.callsMs.push(atMs);
    if (direction === "incoming" || !numbersOf(this.residents[unit]).includes(to)) return;
    if (what === "dialled") row.isConfirmed = false;
    if (what === "key" && by === "callee" && key === "0") row.isConfirmed = true;
    if (what === "over") row.fallbacks.push({ to, overMs: atMs, isConfirmed: row.isConfirmed });
  }

  verdict({ endMs }: RunEnd): CheckerVerdict {
    const findings = new Findings();
    for (const resident of this.residents) {
      if (resident.group.telephone === undefined || resident.group.home.life !== "in-service") continue;
      for (const alarm of this.sight.alarms[resident.index] ?? []) {
        const text = this.missingCall(resident, alarm, endMs);
        if (text !== undefined) findings.add(`${resident.name}, alarm ${alarm.stem}: ${text}`);
      }
      for (const call of this.rows[resident.index]?.fallbacks ?? []) {
        const next = this.missingNumber(resident, call, endMs);
        if (next !== undefined)
          findings.add(`${resident.name}: ${call.to} was called until ${instant(call.overMs)}, and then not ${next}`);
      }
    }
    return findings.verdict(
      keptCallsCheck,
      "a call that was asked for or promised is made, and numbers are called in turn",
    );
  }

  /** What became of the call that the acceptance asked for, where nobody made it. */
  private missingCall(resident: Resident, alarm: SeenAlarm, endMs: number): string | undefined {
    const row = this.rows[resident.index];
    const acceptedMs = alarm.firstKnownMs;
    const asked = this.askedOf(alarm);
    if (row === undefined || acceptedMs === undefined || asked === undefined) return undefined;
    if (any(row.callsMs, acceptedMs - sessionMs, acceptedMs) || row.startedMs.length >= manyStarts) return undefined;
    const waitMs = asked.isPromised ? promiseMs : 0;
    let dueMs = acceptedMs + waitMs + callWithinMs;
    if (any(row.stoppedMs, acceptedMs - writtenMs, acceptedMs + writtenMs)) return undefined;
    const startWithinMs = callWithinMs + (resident.group.telephone?.mobile === "none" ? 0 : modemStartMs);
    let fromMs = acceptedMs - promiseMs;
    for (const startMs of row.startedMs) {
      if (startMs <= acceptedMs || startMs > dueMs + startWithinMs) continue;
      fromMs = startMs;
      dueMs = startMs + waitMs + startWithinMs;
    }
    if (any(row.stoppedMs, Math.max(fromMs, acceptedMs), dueMs)) return undefined;
    if (dueMs > endMs || any(row.callsMs, acceptedMs, dueMs) || any(row.changedMs, alarm.firstSentMs, dueMs))
      return undefined;
    if (!this.canCall(resident, asked.receiver, fromMs, dueMs)) return undefined;
    const after = fromMs > acceptedMs ? `, started again at ${instant(fromMs)}` : "";
    const whose = asked.isPromised ? "the receiver did not call as promised" : "the receiver asked for a call";
    return `accepted at ${instant(acceptedMs)}${after}: ${whose}, and the unit has not called by ${instant(dueMs)}`;
  }

  /** What all who may have been heard first ask for; undefined where one of them wants no call. */
  private askedOf(alarm: SeenAlarm): { readonly receiver: number; readonly isPromised: boolean } | undefined {
    if ([...alarm.sessions.values()].every((session) => session === "withdrawn")) return undefined;
    let asked: { readonly receiver: number; readonly isPromised: boolean } | undefined;
    for (const ref of firstKnownRefs(alarm)) {
      const receiver = this.acceptors.get(ref) ?? -1;
      const call = this.receivers[receiver]?.call;
      if (call === undefined || call.mre < 1 || call.mre > 3 || call.cre === 62) return undefined;
      asked = { receiver, isPromised: call.cre <= 60 || asked?.isPromised === true };
    }
    return asked;
  }

  /** Each of its telephones, since it may try any of them first. */
  private canCall(resident: Resident, receiver: number, fromMs: number, toMs: number): boolean {
    const { telephone, receivers } = resident.group;
    const options = this.receivers[receiver];
    if (telephone === undefined || options?.operators === undefined || !receivers.includes(options.name)) return false;
    if (telephone.sip && !this.hindrances.isClear(resident, "broadband", receiver, fromMs, toMs)) return false;
    return telephone.mobile === "none" || this.canTelephone(resident, receiver, fromMs, toMs);
  }

  private canTelephone(resident: Resident, receiver: number, fromMs: number, toMs: number): boolean {
    const { hindrances } = this;
    return (
      hindrances.isClear(resident, "mobile", receiver, fromMs, toMs) &&
      !hindrances.stoodStill(resident, fromMs - modemBackMs, toMs)
    );
  }

  /** The number whose turn it was after that call, where it was not called. */
  private missingNumber(resident: Resident, call: FallbackCall, endMs: number): string | undefined {
    const row = this.rows[resident.index];
    const numbers = numbersOf(resident);
    const next = numbers[numbers.indexOf(call.to) + 1];
    const { overMs } = call;
    const dueMs = overMs + nextNumberMs;
    if (row === undefined || next === undefined || call.isConfirmed || dueMs > endMs) return undefined;
    if (any(row.callsMs, overMs, dueMs) || any(row.stoppedMs, overMs - roundMs, dueMs)) return undefined;
    const waits = (this.sight.alarms[resident.index] ?? []).some(
      (alarm) =>
        alarm.firstSentMs < overMs - roundMs &&
        (alarm.acceptedMs[0] ?? endMs) >= dueMs &&
        ![...alarm.sessions.values()].includes("withdrawn") &&
        !any(row.changedMs, alarm.firstSentMs, dueMs),
    );
    if (!waits || this.hindrances.lostTelephone(resident, overMs - modemBackMs, dueMs)) return undefined;
    return next;
  }
}

const [letterI, letterN] = Buffer.from("IN");

/** Of the fallback call, in turn. */
function numbersOf(resident: Resident | undefined): readonly string[] {
  const { fallbackNumber = "", relatives = [] } = resident?.group.telephone ?? {};
  return fallbackNumber === "" ? relatives : [fallbackNumber, ...relatives];
}

/** Whether one of them lies after `fromMs`, and not after `toMs`. */
function any(instants: readonly number[], fromMs: number, toMs: number): boolean {
  return instants.some((atMs) => atMs > fromMs && atMs <= toMs);
}
