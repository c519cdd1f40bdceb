/** Every checker of a run, in the order in which reports list them. */
import type { Air } from "../air/air.ts";
import type { Resident } from "../residents.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { AlarmSight } from "./alarm-sight.ts";
import { Bounds } from "./bounds.ts";
import type { Checker } from "./checker.ts";
import { DailyTests } from "./daily-tests.ts";
import { DuplicateCases } from "./duplicate-cases.ts";
import { DutyCycle } from "./duty-cycle.ts";
import { FalseAccepted } from "./false-accepted.ts";
import { FreshCounters } from "./fresh-counters.ts";
import { HeardPresses } from "./heard-presses.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { Hindrances } from "./hindrances.ts";
import { KeptCalls } from "./kept-calls.ts";
import { LifeStates } from "./life-states.ts";
import { LogWithoutGaps } from "./log-without-gaps.ts";
import { LostAlarms } from "./lost-alarms.ts";
import { LostRoutes } from "./lost-routes.ts";
import { NoGhosts } from "./no-ghosts.ts";
import { OrderOfKinds } from "./order-of-kinds.ts";
import { PromptHelp } from "./prompt-help.ts";
import { QuietNights } from "./quiet-nights.ts";
import { RightPerson } from "./right-person.ts";
import { SteadyReports } from "./steady-reports.ts";
import { ToldTheTruth } from "./told-the-truth.ts";
import { TrueHours } from "./true-hours.ts";
import { WarnedBeforeFlat } from "./warned-before-flat.ts";
import { Whereabouts } from "./whereabouts.ts";
import { Withdrawals } from "./withdrawals.ts";

export interface CheckerParts {
  readonly scenario: Scenario;
  readonly residents: readonly Resident[];
  /** Must see each datagram before the checkers do. */
  readonly sight: AlarmSight;
  readonly hindrances: Hindrances;
}

export interface AllCheckers {
  readonly all: readonly Checker[];
  /** Reports ask it how many cases stand for an alarm. */
  readonly duplicates: DuplicateCases;
}

/** Those that watch from the first instant; `dutyCycleOf` joins them once the world's air is there. */
export function checkersOf({ scenario, residents, sight, hindrances }: CheckerParts): AllCheckers {
  const names = scenario.world.receivers.map(({ name }) => name);
  const duplicates = new DuplicateCases({ names, residents, sight, hindrances });
  const all: readonly Checker[] = [
    new LostAlarms(sight, residents, hindrances),
    new HeardPresses(scenario, residents, hindrances),
    new FalseAccepted(sight, residents),
    duplicates,
    new OrderOfKinds(sight, residents, hindrances),
    new PromptHelp(scenario, residents, sight, hindrances),
    new KeptCalls(scenario, residents, sight, hindrances),
    new Withdrawals(sight, residents, hindrances),
    new NoGhosts(sight, residents, scenario.timeline),
    new RightPerson(scenario, residents, sight, hindrances),
    new TrueHours(sight, residents, hindrances),
    new ToldTheTruth(residents, scenario.startWallMs, hindrances),
    new QuietNights(residents, scenario.startWallMs, hindrances),
    new Heartbeat(scenario, residents, hindrances),
    new LostRoutes(scenario, residents, sight, hindrances),
    new WarnedBeforeFlat(sight, residents, hindrances),
    new SteadyReports(scenario, residents, sight, hindrances),
    new DailyTests(scenario, residents, sight, hindrances),
    new Whereabouts(scenario, residents, sight, hindrances),
    new LogWithoutGaps(scenario, residents, sight),
    new Bounds(sight, residents),
    new LifeStates(sight, residents, scenario.timeline),
    new FreshCounters(residents),
  ];
  return { all, duplicates };
}

export function dutyCycleOf(air: Air): Checker {
  return new DutyCycle(air);
}
