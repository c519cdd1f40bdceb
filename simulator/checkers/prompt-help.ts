/**
 * Prompt help: where one way to one receiver of a unit is clear, a call for help is accepted within 18 s of the instant at which it
 * first leaves, or at which a unit that starts again first hears anything, whatever is wrong with all the other ways. A further
 * press of a call that stands is told to whoever accepted it, and calls by itself after 20 s in which nobody took it; a receiver that
 * has turned that call away as busy is left out for up to 60 s, whoever presses more. A receiver that asked for patience is given three minutes of it, then another one is asked. A press with which a call begins is accepted
 * within 20 s of the instant at which the unit took it over.
 */
import type { ReceiverSign } from "../peers/receiver-events.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import type { Scenario, ScenarioReceiver } from "../scenario/scenario.ts";
import { type AlarmSight, isOfButton, type SeenAlarm, toldSinceMs } from "./alarm-sight.ts";
import { type Checker, Findings, instant, type RunEnd } from "./checker.ts";
import type { Hindrances } from "./hindrances.ts";
import { type TakenPress, TakenPresses } from "./taken-presses.ts";

export const promptHelpCheck = "prompt-help";

/** Two routes to two receivers are tried 5 s after one another at the most, and the last of them needs some for itself. */
const promptMs = 18_000;
/** A call leaves as soon as it is raised, whatever became of the one before. */
const firstMs = 20_000;
/** With the 20 s of an update that nobody takes. */
const furtherMs = 40_000;
const quickMs = 2_000;
/** What a receiver gets that asks for it; with a poll of the receiver that has it, until the others are asked. */
const patienceMs = 180_000;
const afterPatienceMs = 30_000;
const stemLength = 12;
/** A receiver asks for patience, or turns the call away for now (SS 91100 table 2). */
const waitSnu = 4;
const busySnus: readonly number[] = [5, 6];
/** It is left out for so long, and the next round needs a few seconds. */
const leftOutMs = 75_000;
const routesBesideModem = ["broadband"] as const;
const routes = [...routesBesideModem, "mobile"] as const;
/** A modem that was frozen is started again after waits that grow. */
const modemBackMs = 600_000;

interface Row {
  /** When its power came or went. */
  readonly cutMs: number[];
  /** When a receiver asked it for patience, and when first for each alarm (stem). */
  readonly askedMs: number[];
  readonly busyMs: number[];
  readonly firstAskedMs: Map<string, number>;
  /** Calls that waited when it started, from the first thing that it heard after that. */
  readonly resumed: { readonly alarm: SeenAlarm; readonly fromMs: number; readonly how: string }[];
  isDeaf: boolean;
}

export class PromptHelp implements Checker {
  private readonly receivers: readonly ScenarioReceiver[];
  private readonly residents: readonly Resident[];
  private readonly sight: AlarmSight;
  private readonly hindrances: Hindrances;
  private readonly byCid: ReadonlyMap<string, number>;
  private readonly presses: TakenPresses;
  private readonly rows: readonly Row[];

  constructor(scenario: Scenario, residents: readonly Resident[], sight: AlarmSight, hindrances: Hindrances) {
    this.receivers = scenario.world.receivers;
    this.residents = residents;
    this.sight = sight;
    this.hindrances = hindrances;
    this.byCid = new Map(residents.map(({ cid, index }) => [cid, index]));
    this.presses = new TakenPresses();
    this.rows = residents.map(() => ({
      cutMs: [],
      askedMs: [],
      busyMs: [],
      firstAskedMs: new Map(),
      resumed: [],
      isDeaf: false,
    }));
  }

  started(atMs: number, unit: number): void {
    const row = this.rows[unit];
    if (row === undefined) return;
    row.cutMs.push(atMs);
    row.isDeaf = true;
  }

  stopped(atMs: number, unit: number): void {
    this.rows[unit]?.cutMs.push(atMs);
  }

  datagram(atMs: number, unit: number, _route: string, direction: "sent" | "received"): void {
    const row = this.rows[unit];
    if (row === undefined || !row.isDeaf || direction === "sent") return;
    row.isDeaf = false;
    for (const alarm of this.sight.alarms[unit] ?? [])
      if (alarm.acceptedMs.length === 0)
        row.resumed.push({ alarm, fromMs: atMs, how: "waiting in a unit that had started again and heard something" });
  }

  pressed(atMs: number, unit: number, button: number): void {
    this.presses.pressed(atMs, unit, button);
  }

  batteryFitted(atMs: number, unit: number, button: number): void {
    this.presses.batteryFitted(atMs, unit, button);
  }

  buttonShowed(atMs: number, unit: number, button: number, signal: string): void {
    this.presses.buttonShowed(atMs, unit, button, signal);
  }

  receiverSigned(atMs: number, _receiver: number, sign: ReceiverSign): void {
    if (sign.type !== "answered") return;
    const row = this.rows[this.byCid.get(sign.cid) ?? -1];
    if (busySnus.includes(sign.snu)) row?.busyMs.push(atMs);
    if (sign.snu !== waitSnu) return;
    const stem = sign.ref.slice(0, stemLength);
    row?.askedMs.push(atMs);
    if (row?.firstAskedMs.has(stem) === false) row.firstAskedMs.set(stem, atMs);
  }

  verdict({ endMs }: RunEnd): CheckerVerdict {
    const findings = new Findings();
    const look = (
      unit: number,
      what: string,
      fromMs: number,
      helpMs: number | undefined,
      withinMs: number,
      isPatient = false,
    ): void => {
      const resident = this.residents[unit];
      if (resident === undefined || (helpMs ?? endMs) - fromMs <= withinMs) return;
      const sinceMs = isPatient ? fromMs - patienceMs : fromMs;
      if (this.rows[unit]?.cutMs.some((atMs) => atMs > sinceMs && atMs <= fromMs + withinMs)) return;
      if (!isPatient && this.rows[unit]?.askedMs.some((atMs) => atMs > fromMs && atMs <= fromMs + withinMs)) return;
      const way = this.clearWay(resident, sinceMs, fromMs + withinMs);
      const who = `${resident.name}, ${what} at ${instant(fromMs)}`;
      if (way !== undefined) findings.add(`${who}: not accepted within ${withinMs / 1000} s, and ${way} was clear`);
    };
    for (const { index } of this.residents) {
      const left = (this.sight.alarms[index] ?? []).map((alarm) => ({ alarm, fromMs: alarm.firstSentMs, how: "left" }));
      for (const { alarm, fromMs, how } of [...left, ...(this.rows[index]?.resumed ?? [])])
        if (!isWithdrawn(alarm)) look(index, `alarm ${alarm.stem}, ${how}`, fromMs, alarm.acceptedMs[0], promptMs);
      for (const { alarm } of left) {
        const askedMs = this.rows[index]?.firstAskedMs.get(alarm.stem);
        const what = `alarm ${alarm.stem}, held for three minutes`;
        if (askedMs !== undefined && !isWithdrawn(alarm))
          look(index, what, askedMs + patienceMs, alarm.acceptedMs[0], afterPatienceMs, true);
      }
    }
    for (const press of this.presses.all) {
      if (press.takenMs === undefined) continue;
      const isFurther = this.isFurther(press);
      const withinMs = isFurther ? furtherMs : firstMs;
      if (isFurther && this.isLeftOut(press.unit, press.takenMs)) continue;
      look(press.unit, `button ${press.button}, taken over`, press.takenMs, this.helpMs(press), withinMs);
    }
    return findings.verdict(
      promptHelpCheck,
      "a call for help is accepted within seconds where one way to a receiver is clear",
    );
  }

  /** Whether a call of that button had left before it was pressed once more. */
  private isFurther({ unit, button, atMs }: TakenPress): boolean {
    return (this.sight.alarms[unit] ?? []).some((alarm) => isOfButton(alarm, button) && alarm.firstSentMs < atMs);
  }

  /** Whether somebody may be left out then, for having said that he is busy. */
  private isLeftOut(unit: number, atMs: number): boolean {
    return this.rows[unit]?.busyMs.some((busyMs) => busyMs <= atMs && busyMs > atMs - leftOutMs) === true;
  }

  /** When somebody first had accepted something that tells of that press. */
  private helpMs(press: TakenPress): number | undefined {
    let helpMs: number | undefined;
    for (const alarm of this.sight.alarms[press.unit] ?? []) {
      const toldMs = isOfButton(alarm, press.button) ? toldSinceMs(alarm, press.atMs) : undefined;
      if (toldMs === undefined) continue;
      if (isWithdrawn(alarm)) return press.takenMs;
      const atMs = alarm.acceptedMs.find((each) => each >= toldMs);
      if (atMs !== undefined && (helpMs === undefined || atMs < helpMs)) helpMs = atMs;
    }
    return helpMs;
  }

  private clearWay(resident: Resident, fromMs: number, toMs: number): string | undefined {
    const isKept = keepsData(resident) && !this.hindrances.stoodStill(resident, fromMs - modemBackMs, toMs);
    for (const [index, receiver] of this.receivers.entries())
      for (const route of isKept ? routes : routesBesideModem)
        if (isQuick(receiver) && this.hindrances.isClear(resident, route, index, fromMs, toMs))
          return `${route} to ${receiver.name}`;
    return undefined;
  }
}

/** Where a call over the modem takes its data away, whoever is in a call waits. */
function keepsData({ group }: Resident): boolean {
  return group.telephone?.mobile !== "instead-of-data";
}

function isWithdrawn({ sessions }: SeenAlarm): boolean {
  return [...sessions.values()].every((session) => session === "withdrawn");
}

function isQuick({ latency, mode, capacity }: ScenarioReceiver): boolean {
  return latency.mostMs <= quickMs && mode === "normal" && capacity === undefined;
}
