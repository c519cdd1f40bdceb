/** Small worlds with telephones for the tests of played calls: who called, who spoke, and what the receivers were told of it. */
import { vi } from "vitest";
import type { VoiceEffect } from "../firmware/voice/voice-state.ts";
import { CaseBook } from "./peers/case-book.ts";
import { playSmall, type SmallWorld } from "./play-bench.ts";
import { Recorder } from "./record/recorder.ts";
import type { RunPress, RunResult } from "./record/run-result.ts";
import { RunLog } from "./report/run-log.ts";
import type { World } from "./world.ts";

/** Routes and telephones of the home "u", broadband first wherever it calls over that. */
export const homes = {
  sip: "policy: broadband-first, mobile: alfa, broadband: fibre, telephone: sip",
  mobile: "mobile: alfa, broadband: fibre, telephone: mobile",
  beside: "mobile: alfa, broadband: fibre, telephone: mobile, mobile-calls: beside-data",
  mobileAlone: "policy: mobile-only, mobile: alfa, telephone: mobile",
  both: "mobile: alfa, broadband: fibre, telephone: both",
} as const;

export interface Happened {
  readonly atMs: number;
  /** `dial mobile +468...`, `tone`, `answer listen`, `hang-up`, `learn call failed`; the unit's own orders. */
  readonly what: string;
}

export interface PlayedCalls {
  readonly world: World;
  readonly result: RunResult;
  /** The unit's orders about calls. */
  readonly orders: readonly Happened[];
  /** What the receivers' operators did over SIP. */
  readonly centre: readonly Happened[];
  /** Texts that the receivers were told about open cases. */
  readonly updates: readonly string[];
  readonly press: RunPress;
}

/** Plays it; `prepare` plans what no scenario file can say. Spies of former plays are taken away. */
export async function playCalls(world: SmallWorld, prepare: (world: World) => void = () => {}): Promise<PlayedCalls> {
  vi.restoreAllMocks();
  const orders: Happened[] = [];
  const centre: Happened[] = [];
  const updates: string[] = [];
  let played: World | undefined;
  watchOrders(orders);
  watchUpdates(updates);
  const result = await playSmall(world, 1, new RunLog(undefined), (made) => {
    played = made;
    made.telephony.onCall = (_receiver, { what, key }) =>
      centre.push({ atMs: made.queue.nowMs, what: key === undefined ? what : `${what} ${key}` });
    prepare(made);
  });
  const press = result.presses[0];
  if (played === undefined || press === undefined) throw new Error("calls: nobody has pressed");
  return { world: played, result, orders, centre, updates, press };
}

/** Without their instants. */
export function whatOf(happened: readonly Happened[]): readonly string[] {
  return happened.map(({ what }) => what);
}

/** Instants of everything that begins so. */
export function whenOf(happened: readonly Happened[], what: string): readonly number[] {
  return happened.filter((one) => one.what.startsWith(what)).map(({ atMs }) => atMs);
}

/** Lines of a telephone's log without their instants. */
export function wordsOf(log: readonly string[]): readonly string[] {
  return log.map((line) => line.substring(line.indexOf(" ") + 1));
}

function watchOrders(orders: Happened[]): void {
  const stepped = Recorder.prototype.stepped;
  vi.spyOn(Recorder.prototype, "stepped").mockImplementation(function (
    this: Recorder,
    atMs,
    unit,
    machine,
    event,
    effects,
  ) {
    stepped.call(this, atMs, unit, machine, event, effects);
    if (machine !== "voice") return;
    for (const effect of effects as readonly VoiceEffect[]) {
      const what = orderOf(effect);
      if (what !== undefined) orders.push({ atMs, what });
    }
  });
}

function orderOf(effect: VoiceEffect): string | undefined {
  switch (effect.type) {
    case "dial":
      return `dial ${effect.medium} ${effect.number} ${effect.mode}`;
    case "answer":
      return `answer ${effect.mode}`;
    case "speak":
      return `speak ${effect.mode}`;
    case "volume":
      return effect.step === 1 ? "louder" : "softer";
    case "learn":
      return `learn ${effect.text}`;
    case "tone":
    case "hang-up":
    case "message":
    case "output":
      return effect.type;
    default:
      return undefined;
  }
}

function watchUpdates(updates: string[]): void {
  const take = CaseBook.prototype.take;
  vi.spyOn(CaseBook.prototype, "take").mockImplementation(function (this: CaseBook, request, nowMs, decide) {
    if (request.mty === "IN") updates.push(request.ite ?? "");
    return take.call(this, request, nowMs, decide);
  });
}
