/**
 * Told the truth: a unit that says it has no path has none, one that has had none for ten minutes (or as much longer as it proves
 * its paths more seldom, by agreement) says so, one that has asked
 * in vain for twenty minutes too though its requests were carried, and none shows that it is ready before a receiver has
 * answered it, or says so before one has accepted a word of it. Judged by what reaches the unit's own end of its routes; an
 * `mrs` that no receiver has sent is no answer, though it names a reference that one has answered: a stranger's copy may be
 * the first to arrive.
 */

import { phraseOf } from "../../firmware/feedback/phrase-texts.ts";
import type { LifeName } from "../../firmware/household/life-states.ts";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { Utterance } from "../../firmware/ports/speech.ts";
import type { ReceiverSign } from "../peers/receiver-events.ts";
import { lookAt } from "../record/message-look.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import { seldomMs } from "../scenario/fleet.ts";
import { localMinute } from "../scenario/scenario-clock.ts";
import { type Checker, Findings, instant, type RunEnd } from "./checker.ts";
import type { Hindrances } from "./hindrances.ts";
import { keepsPathsOpen, lifeAtStart } from "./life-rules.ts";

export const toldTheTruthCheck = "told-the-truth";

const minuteMs = 60_000;
/** For so long after the SIP answer a unit waits for the `mrs`. */
const patienceMs = 10_000;
/**
 * Three checks in a row must have failed since the one that was answered was asked: the second comes 14 s after the first at the
 * soonest, each waits 8 s.
 */
const freshMs = 20_000;
/** What has come to a modem waits there until its line is free, and two questions (how much there is, and what) have fetched it. */
const fetchMs = 1_000;
const fewInVain = 2;
const promptLimit = 4;
const unsaidMs = 10 * minuteMs + 30_000;
/** Carried requests without an `mrs`: three beats of each route, the longest pause between them, and the round of an alarm. */
const unprovenMs = 20 * minuteMs;
const fewAsked = 4;
/**
 * After a loss a route is back with the first SIP answer; whether anybody stands behind it three checks tell, the last of them
 * 52 s after the first miss at the latest, and each waits 18 s.
 */
const checksMs = 90_000;
/** Aloud: ten minutes after the lamp. */
const unspokenMs = 22 * minuteMs;
const repeatMs = 180 * minuteMs;
/** Well outside the quiet hours of 22 to 7, with a clock that may be an hour wrong. */
const dayFrom = "09:00";
const dayTo = "20:00";
/** A unit that was started so often may live in minimal mode, which does not speak. */
const fewStarts = 3;

interface PromptAnswer {
  readonly receiver: number;
  readonly askedMs: number;
  readonly atMs: number;
}

interface Row {
  running: boolean;
  starts: number;
  /** From here on nothing has reached the unit. */
  silentMs: number;
  /** From here on no receiver has answered, and so many requests have left since. */
  unprovenMs: number;
  askedCount: number;
  /** References that left the unit, and when first. */
  readonly left: Map<string, number>;
  /** References that came to receivers, and when. */
  readonly asked: Map<string, number>;
  /** Those that were answered, by whom, and whether the unit still waited then: an answer under another one proves nothing. */
  readonly given: Map<string, { readonly receiver: number; readonly isPrompt: boolean }>;
  /** In this life: any `mrs` to one of them, the newest of those that were answered in time, and one that accepted something. */
  answered: boolean;
  readonly prompt: PromptAnswer[];
  accepted: boolean;
  lamp: string;
  lampMs: number;
  /** When it last said aloud that there is no path. */
  saidMs: number;
  blamed: boolean;
  life: LifeName;
}

const refLimit = 32;
/** What tells of the lack of a path, or of something that comes first. */
const honestLamps: readonly string[] = ["no-path", "sending", "not-accepted", "accepted", "talking", "fault"];

export class ToldTheTruth implements Checker {
  private readonly residents: readonly Resident[];
  private readonly byCid: ReadonlyMap<string, number>;
  private readonly startWallMs: number;
  private readonly hindrances: Hindrances;
  private readonly rows: Row[];
  /** Call-IDs of the newest messages that receivers sent with an `mrs`. */
  private readonly said: Set<string>;
  private readonly findings: Findings;

  constructor(residents: readonly Resident[], startWallMs: number, hindrances: Hindrances) {
    this.residents = residents;
    this.hindrances = hindrances;
    this.byCid = new Map(residents.map(({ cid, index }) => [cid, index]));
    this.startWallMs = startWallMs;
    this.findings = new Findings();
    this.said = new Set();
    this.rows = residents.map((resident) => ({
      running: false,
      starts: 0,
      silentMs: 0,
      unprovenMs: 0,
      askedCount: 0,
      left: new Map(),
      asked: new Map(),
      given: new Map(),
      answered: false,
      prompt: [],
      accepted: false,
      lamp: "",
      lampMs: 0,
      saidMs: -repeatMs,
      blamed: false,
      life: lifeAtStart(resident),
    }));
  }

  started(atMs: number, unit: number): void {
    const row = this.rows[unit];
    if (row === undefined) return;
    if (row.running) this.judge(atMs, unit, row);
    row.starts++;
    row.running = true;
    row.accepted = false;
    row.answered = false;
    row.prompt.length = 0;
    row.lamp = "";
    this.heard(row, atMs);
  }

  stopped(atMs: number, unit: number): void {
    const row = this.rows[unit];
    if (row === undefined || !row.running) return;
    this.judge(atMs, unit, row);
    row.running = false;
  }

  lifeOrdered(atMs: number, unit: number, life: LifeName): void {
    const row = this.rows[unit];
    if (row === undefined) return;
    this.judge(atMs, unit, row);
    row.life = life;
    this.heard(row, atMs);
  }

  datagram(atMs: number, unit: number, _route: string, direction: "sent" | "received", bytes: Uint8Array): void {
    const row = this.rows[unit];
    if (row === undefined) return;
    if (direction === "sent") {
      if (noteFirst(row.left, lookAt(bytes).ref, atMs)) row.askedCount++;
      return;
    }
    if (atMs - row.silentMs > unsaidMs) this.judge(atMs, unit, row);
    row.silentMs = atMs;
    row.blamed = false;
    const look = lookAt(bytes);
    if (!look.isAnswer || !this.said.has(look.callId)) return;
    const { ref } = look;
    const given = row.given.get(ref);
    if (given === undefined) return;
    row.answered = true;
    this.proven(atMs, unit, row);
    const askedMs = row.left.get(ref) ?? atMs;
    if (given.isPrompt && row.prompt.every((other) => askedMs > other.askedMs)) {
      row.prompt.push({ receiver: given.receiver, askedMs, atMs });
      if (row.prompt.length > promptLimit) row.prompt.shift();
    }
    if (!row.accepted && look.isAcceptance) row.accepted = true;
  }

  packet(
    _atMs: number,
    receiver: number,
    direction: string,
    bytes: Uint8Array,
    far: Endpoint,
    transport: string,
  ): void {
    if (direction !== "sent" || !lookAt(bytes).isAnswer) return;
    if (this.hindrances.isUnproven(receiver, far, transport)) return;
    this.said.add(lookAt(bytes).callId);
    if (this.said.size > refLimit * this.rows.length) this.said.delete(this.said.keys().next().value as string);
  }

  receiverSigned(atMs: number, receiver: number, sign: ReceiverSign): void {
    if (sign.type !== "carried" && sign.type !== "answered") return;
    const row = this.rows[this.byCid.get(sign.cid) ?? -1];
    if (row === undefined) return;
    const { asked, given } = row;
    if (sign.type === "carried") {
      asked.set(sign.ref, atMs);
      if (asked.size > refLimit) asked.delete(asked.keys().next().value as string);
      return;
    }
    const askedMs = asked.get(sign.ref);
    if (askedMs === undefined) return;
    given.set(sign.ref, { receiver, isPrompt: atMs - askedMs < patienceMs });
    if (given.size > refLimit) given.delete(given.keys().next().value as string);
  }

  spoke(atMs: number, unit: number, { number }: Utterance): void {
    const row = this.rows[unit];
    if (row === undefined) return;
    if (number === phraseOf("no-path").number) row.saidMs = atMs;
    if (number === phraseOf("ready").number && !row.accepted)
      this.blame(atMs, unit, "says that it is ready, and no receiver has accepted a word of it since its start");
  }

  unitShowed(atMs: number, unit: number, signal: string): void {
    const row = this.rows[unit];
    if (row === undefined) return;
    if (row.lamp === "talking") this.heard(row, atMs);
    else this.judge(atMs, unit, row);
    row.lamp = signal;
    row.lampMs = atMs;
    const answer = row.prompt.find((one) => atMs - one.askedMs < freshMs && atMs - one.atMs >= fetchMs);
    if (signal === "no-path" && answer !== undefined && !this.hasGone(unit, row, answer, atMs))
      this.blame(atMs, unit, `says that it has no path, and a receiver answered it at ${instant(answer.atMs)}`);
    if (signal === "ready" && !row.answered)
      this.blame(atMs, unit, `shows "ready", and no receiver has answered it since its start`);
  }

  verdict({ endMs }: RunEnd): CheckerVerdict {
    this.rows.forEach((row, unit) => {
      if (row.running) this.judge(endMs, unit, row);
    });
    return this.findings.verdict(
      toldTheTruthCheck,
      'a unit says "no path" when it has none and within ten minutes, and "ready" once a receiver has accepted a word of it',
    );
  }

  /**
   * Whether an answer was the last for good reason: it lies in a modem that stands still, or whoever gave it had trouble since, and
   * two more questions have found that out. Questions that many things ask at once, or that are turned away, find it out sooner.
   */
  private hasGone(unit: number, row: Row, { receiver, askedMs, atMs }: PromptAnswer, nowMs: number): boolean {
    const resident = this.residents[unit];
    if (resident === undefined) return false;
    if (this.hindrances.stoodStill(resident, atMs, nowMs)) return true;
    let vain = 0;
    for (const [ref, leftMs] of row.left) if (leftMs > askedMs && !row.given.has(ref)) vain++;
    return vain >= fewInVain && this.hindrances.isApart(resident, receiver, atMs, nowMs);
  }

  private heard(row: Row, atMs: number): void {
    row.silentMs = atMs;
    row.unprovenMs = atMs;
    row.askedCount = 0;
    row.blamed = false;
  }

  private proven(atMs: number, unit: number, row: Row): void {
    this.judgeUnproven(atMs, unit, row);
    row.unprovenMs = atMs;
    row.askedCount = 0;
  }

  /** Requests that are carried and come to nothing: to the unit's own SIP all looks well. What it shows with an answer is no lie yet. */
  private judgeUnproven(atMs: number, unit: number, row: Row): void {
    const sinceMs = Math.max(row.lampMs + checksMs, row.unprovenMs + unprovenMs + this.seldomMs(unit));
    if (atMs - sinceMs <= fetchMs || row.askedCount < fewAsked) return;
    if (!row.running || !keepsPathsOpen(row.life) || honestLamps.includes(row.lamp)) return;
    const since = `no receiver has answered it since ${instant(row.unprovenMs)}, asked ${row.askedCount} times`;
    this.blame(atMs, unit, `${since}, and its lamp shows "${row.lamp}"`);
    row.unprovenMs = atMs;
  }

  /** What it has shown and said up to now in a silence that may have lasted long. */
  private judge(atMs: number, unit: number, row: Row): void {
    this.judgeUnproven(atMs, unit, row);
    const lastedMs = atMs - row.silentMs - this.seldomMs(unit);
    if (row.blamed || lastedMs <= unsaidMs || !row.running || !keepsPathsOpen(row.life)) return;
    const since = `nothing has reached it since ${instant(row.silentMs)}`;
    if (!honestLamps.includes(row.lamp)) {
      row.blamed = true;
      this.blame(atMs, unit, `${since}, and its lamp shows "${row.lamp}"`);
    } else if (lastedMs > unspokenMs && row.saidMs < row.silentMs - repeatMs && this.maySpeak(row)) {
      row.blamed = true;
      this.blame(atMs, unit, `${since}, and it has not said so`);
    }
  }

  private seldomMs(unit: number): number {
    const resident = this.residents[unit];
    return resident === undefined ? 0 : seldomMs(resident.group);
  }

  /** By day all along, so that it could have spoken. */
  private maySpeak({ silentMs, starts }: Row): boolean {
    const from = localMinute(this.startWallMs + silentMs);
    const to = localMinute(this.startWallMs + silentMs + unspokenMs);
    return starts < fewStarts && from >= dayFrom && to <= dayTo && from <= to;
  }

  private blame(atMs: number, unit: number, what: string): void {
    this.findings.add(`${this.residents[unit]?.name ?? ""}, ${instant(atMs)}: ${what}`);
  }
}

/** What leaves again was asked when it first left. False: it had left before, or bears no reference. */
function noteFirst(left: Map<string, number>, ref: string, atMs: number): boolean {
  if (ref === "" || left.has(ref)) return false;
  left.set(ref, atMs);
  if (left.size > refLimit) left.delete(left.keys().next().value as string);
  return true;
}
