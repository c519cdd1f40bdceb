/**
 * Daily tests: the test message that comes by the calendar comes once on each date of the unit's own clock, whatever that clock is told,
 * and of a unit with two routes over both in turn. Judged by what the messages themselves say.
 */
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { swedishOffsetMs } from "../scenario/scenario-clock.ts";
import type { AlarmSight } from "./alarm-sight.ts";
import { type Checker, Findings, instant } from "./checker.ts";
import type { Hindrances } from "./hindrances.ts";

const dailyTestsCheck = "daily-tests";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Two tests that are not further apart have none between them that got lost. */
const inTurnMs = 30 * hourMs;
const localUnit = 2;
const [overFirst, overSecond] = [102, 103];
const instantText = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/;
const stemLength = 12;

interface Test {
  readonly stc: number;
  /** As the unit says it, in ms since 1970. */
  readonly wallMs: number;
}

export class DailyTests implements Checker {
  private readonly scenario: Scenario;
  private readonly residents: readonly Resident[];
  private readonly hindrances: Hindrances;
  /** By unit: each test by its stem. */
  private readonly tests: readonly Map<string, Test>[];
  /** What keeps the dates may fail where the flash does. */
  private readonly worn: ReadonlySet<string>;

  constructor(scenario: Scenario, residents: readonly Resident[], sight: AlarmSight, hindrances: Hindrances) {
    this.scenario = scenario;
    this.residents = residents;
    this.hindrances = hindrances;
    this.tests = residents.map(() => new Map());
    this.worn = new Set(
      scenario.faults.flatMap((fault) => ("units" in fault && fault.fault === "worn-flash" ? fault.units : [])),
    );
    sight.listen((_atMs, unit, request) => this.requested(unit, request));
  }

  verdict({ endMs }: { readonly endMs: number }): CheckerVerdict {
    const findings = new Findings();
    for (const resident of this.residents) {
      if (this.worn.has(resident.name)) continue;
      const tests = [...(this.tests[resident.index]?.values() ?? [])].sort((one, other) => one.wallMs - other.wallMs);
      this.lookForDates(resident, tests, findings);
      if (hasTwoRoutes(resident) && this.hindrances.clockErrorsMs(resident, endMs).length === 0)
        this.lookForTurns(resident, tests, findings);
    }
    return findings.verdict(dailyTestsCheck, "a test message comes once a date, and over both routes in turn");
  }

  private requested(unit: number, { mty, ref, dty, stc, ite = "" }: ScaipRequest): void {
    if (mty === "RE" || mty === "IN" || dty !== localUnit || (stc !== overFirst && stc !== overSecond)) return;
    const wallMs = Date.parse(instantText.exec(ite)?.[0] ?? "");
    if (!Number.isNaN(wallMs)) this.tests[unit]?.set(ref.slice(0, stemLength), { stc, wallMs });
  }

  private lookForDates({ name }: Resident, tests: readonly Test[], findings: Findings): void {
    tests.forEach(({ wallMs }, at) => {
      const before = tests[at - 1];
      if (before !== undefined && dateOf(before.wallMs) === dateOf(wallMs))
        findings.add(`${name}: two tests on one date, at ${this.said(before)} and at ${this.said({ wallMs })}`);
    });
  }

  private lookForTurns({ name }: Resident, tests: readonly Test[], findings: Findings): void {
    tests.forEach((test, at) => {
      const before = tests[at - 1];
      if (before === undefined || before.stc !== test.stc || test.wallMs - before.wallMs > inTurnMs) return;
      const which = test.stc === overFirst ? "first" : "second";
      findings.add(`${name}: over the ${which} route twice in turn, at ${this.said(before)} and at ${this.said(test)}`);
    });
  }

  private said({ wallMs }: Pick<Test, "wallMs">): string {
    return instant(wallMs - this.scenario.startWallMs);
  }
}

function dateOf(wallMs: number): number {
  return Math.floor((wallMs + swedishOffsetMs(wallMs)) / dayMs);
}

function hasTwoRoutes({ group }: Resident): boolean {
  return group.policy === "mobile-first" || group.policy === "broadband-first";
}
