/**
 * Whereabouts: what a unit has told of its wearer's coming and going holds. A button is not missed while its wearer is told as away, and
 * whoever calls for help is at home from then on. Nobody is called inactive who has just touched a key.
 */
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { AlarmSight } from "./alarm-sight.ts";
import { CalmHomes } from "./calm-homes.ts";
import { type Checker, Findings, instant, type RunEnd } from "./checker.ts";
import type { Hindrances } from "./hindrances.ts";

const whereaboutsCheck = "whereabouts";

const minuteMs = 60_000;
/** Calls go first, and what has failed once waits for its next round. */
const withinMs = 10 * minuteMs;
/** Clocks of homes are not so exact. */
const slackMs = 2 * minuteMs;
/** A report that changes more often is told as unstable. */
const mostTurns = 4;
const hourMs = 60 * minuteMs;
/** A key counts when it has been held, or let go. */
const keyMs = 10_000;
const [localUnit, personalTrigger, activityDetector] = [2, 3, 10];
const automaticAlarm = 9;
const [absent, presentAtHome, missing] = [3, 121, 123];
const instantText = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g;
const stemLength = 12;

interface Told {
  readonly stc: number;
  /** As the unit says it; of several changes that of the last. */
  readonly raisedMs: number;
}

interface Absence {
  readonly fromMs: number;
  readonly toMs: number;
}

export class Whereabouts implements Checker {
  private readonly residents: readonly Resident[];
  private readonly startWallMs: number;
  private readonly sight: AlarmSight;
  private readonly hindrances: Hindrances;
  private readonly calm: CalmHomes;
  /** By unit: coming, going and missed buttons, each by its stem. */
  private readonly told: readonly Map<string, Told>[];
  /** By unit: alarms of inactivity, each by its stem, and when a key was touched. */
  private readonly silences: readonly Map<string, number>[];
  private readonly keysMs: readonly number[][];

  constructor(scenario: Scenario, residents: readonly Resident[], sight: AlarmSight, hindrances: Hindrances) {
    this.residents = residents;
    this.startWallMs = scenario.startWallMs;
    this.sight = sight;
    this.hindrances = hindrances;
    this.calm = new CalmHomes(scenario, residents, hindrances);
    this.told = residents.map(() => new Map());
    this.silences = residents.map(() => new Map());
    this.keysMs = residents.map(() => []);
    sight.listen((_atMs, unit, request) => this.requested(unit, request));
  }

  started(atMs: number, unit: number): void {
    this.calm.started(atMs, unit);
  }

  stopped(atMs: number, unit: number): void {
    this.calm.stopped(atMs, unit);
  }

  keyTouched(atMs: number, unit: number): void {
    this.keysMs[unit]?.push(atMs);
  }

  verdict({ endMs }: RunEnd): CheckerVerdict {
    const findings = new Findings();
    for (const resident of this.residents) {
      if (this.hindrances.clockErrorsMs(resident, endMs).length > 0) continue;
      this.lookForSigns(resident, findings);
      for (const absence of this.absencesOf(resident.index)) {
        this.lookForMissed(resident, absence, findings);
        this.lookForCalls(resident, absence, endMs, findings);
      }
    }
    return findings.verdict(
      whereaboutsCheck,
      "no button is missed while its wearer is told as away, whoever calls for help is told as at home again, and whoever stirs is not called inactive",
    );
  }

  private requested(unit: number, { mty, ref, dty, stc, ite = "" }: ScaipRequest): void {
    if (mty === "RE" || mty === "IN" || stc === undefined) return;
    const raisedMs = Date.parse(ite.match(instantText)?.at(-1) ?? "") - this.startWallMs;
    if (Number.isNaN(raisedMs)) return;
    if (dty === activityDetector && stc === automaticAlarm)
      this.silences[unit]?.set(ref.slice(0, stemLength), raisedMs);
    const isMove = dty === localUnit && (stc === absent || stc === presentAtHome);
    if (!isMove && (dty !== personalTrigger || stc !== missing)) return;
    this.told[unit]?.set(ref.slice(0, stemLength), { stc, raisedMs });
  }

  /** From each leaving to the coming home after it; none where somebody goes to and fro. */
  private absencesOf(unit: number): readonly Absence[] {
    const moves = [...(this.told[unit]?.values() ?? [])]
      .filter(({ stc }) => stc !== missing)
      .sort((one, other) => one.raisedMs - other.raisedMs);
    return moves.flatMap(({ stc, raisedMs: fromMs }, at) => {
      const near = moves.filter(({ raisedMs }) => Math.abs(raisedMs - fromMs) < hourMs);
      if (stc !== absent || near.length > mostTurns) return [];
      return [{ fromMs, toMs: moves[at + 1]?.raisedMs ?? Number.POSITIVE_INFINITY }];
    });
  }

  private lookForSigns({ index, name, group }: Resident, findings: Findings): void {
    for (const raisedMs of this.silences[index]?.values() ?? []) {
      const signMs = this.keysMs[index]?.find(
        (atMs) => atMs > raisedMs - group.home.inactivityMs && atMs < raisedMs - keyMs,
      );
      if (signMs !== undefined)
        findings.add(
          `${name}, ${instant(raisedMs)}: an alarm of inactivity, and somebody touched a key at ${instant(signMs)}`,
        );
    }
  }

  private lookForMissed({ index, name }: Resident, { fromMs, toMs }: Absence, findings: Findings): void {
    for (const { stc, raisedMs } of this.told[index]?.values() ?? [])
      if (
        stc === missing &&
        raisedMs > fromMs + slackMs &&
        raisedMs < toMs &&
        this.calm.isCalm(index, raisedMs, raisedMs)
      )
        findings.add(
          `${name}, ${instant(raisedMs)}: a button is missed, and its wearer is away since ${instant(fromMs)}`,
        );
  }

  private lookForCalls({ index, name }: Resident, { fromMs, toMs }: Absence, endMs: number, findings: Findings): void {
    for (const { firstSentMs: atMs } of this.sight.alarms[index] ?? []) {
      const dueMs = atMs + withinMs;
      if (atMs < fromMs + slackMs || toMs < dueMs || dueMs > endMs || !this.calm.isCalm(index, atMs, dueMs)) continue;
      findings.add(`${name}, ${instant(atMs)}: somebody calls for help, and is told as away since ${instant(fromMs)}`);
      return;
    }
  }
}
