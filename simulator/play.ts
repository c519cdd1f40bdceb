/** Plays a scenario from its first to its last millisecond and puts down what happened. */

import { AlarmSight } from "./checkers/alarm-sight.ts";
import { checkersOf, dutyCycleOf } from "./checkers/all-checkers.ts";
import type { RunEnd } from "./checkers/checker.ts";
import { Hindrances } from "./checkers/hindrances.ts";
import { MonitorDesk } from "./monitor/monitor-desk.ts";
import { Books } from "./record/books.ts";
import { faultRows } from "./record/fault-rows.ts";
import { type RunFacts, type RunResult, type RunUnit, runResultVersion } from "./record/run-result.ts";
import { together, type Witness } from "./record/witness.ts";
import type { Capture } from "./report/capture.ts";
import { judgeRun } from "./report/expectations.ts";
import type { RunLog } from "./report/run-log.ts";
import { type Resident, residentsOf } from "./residents.ts";
import type { Scenario } from "./scenario/scenario.ts";
import type { Starters } from "./starters.ts";
import { World } from "./world.ts";

export interface PlayOptions {
  readonly seed: number;
  /** Called now and then with the virtual time reached; with a line where something happened that people want to see. */
  readonly onProgress: (virtualMs: number, line?: string) => void;
  readonly log: RunLog;
  /** Where the messages of all receivers go; nowhere unless said. */
  readonly capture?: Capture;
  /** Sees everything that happens, beside those who always do. */
  readonly watch?: Witness;
  /** Asked between two slices: true ends the run there. */
  readonly stop?: (reachedMs: number) => boolean;
  /** Called before the first event: plans what no scenario file can say. */
  readonly prepare?: (world: World) => void;
  /** Who brings the firmware of all devices to life. */
  readonly starters?: Starters;
}

/** Between two looks at the progress, and at whatever else the process has to do. */
const sliceMs = 60_000;

export async function playScenario(scenario: Scenario, options: PlayOptions): Promise<RunResult> {
  const began = performance.now();
  const residents = residentsOf(scenario, options.seed);
  const sight = new AlarmSight(residents, scenario.startWallMs);
  const books = new Books(scenario, residents, options.log);
  const desk = new MonitorDesk(scenario, residents, (notice) => {
    options.log.write(notice.atMs, "monitor", { type: "notice", ...notice });
    if (notice.cause === "server")
      options.onProgress(notice.atMs, `monitor: ${notice.subject} ${notice.phase} (${notice.evidence})`);
  });
  const eyes: Witness = {
    started: (atMs, unit) => sight.started(atMs, unit),
    datagram: (atMs, unit, _route, direction, bytes) =>
      direction === "sent" ? sight.sent(atMs, unit, bytes) : sight.received(atMs, unit, bytes),
    receiverSigned: (_atMs, _receiver, sign) => {
      if (sign.type === "answered") sight.answered(sign);
    },
  };
  const hindrances = new Hindrances(scenario, options.seed);
  const { all: checkers, duplicates } = checkersOf({ scenario, residents, sight, hindrances });
  const witnesses = [
    eyes,
    ...books.witnesses,
    desk,
    tapOf(scenario, options.capture),
    options.watch ?? {},
    ...checkers,
  ];
  const world = new World(scenario, options.seed, residents, together(witnesses), options.starters);
  announceFaults(scenario, world, options);
  options.prepare?.(world);
  const endMs = await run(world, scenario, options, desk);
  const end: RunEnd = { endMs, receivers: world.receivers, flashOf: (unit) => world.home(unit)?.flash };
  const seen = books.facts(sight, duplicates.casesOf(end), endMs);
  const facts: RunFacts = {
    formatVersion: runResultVersion,
    scenario: headOf(scenario),
    seed: options.seed,
    digest: world.digest.value(),
    virtualMs: endMs,
    interruptedMs: endMs < scenario.durationMs ? endMs : null,
    wallMs: Math.round(performance.now() - began),
    events: world.queue.ran,
    units: residents.map(unitOf),
    ...seen,
    faults: faultRows(scenario.faults, residents, options.seed, endMs),
    notices: desk.notices,
    outages: desk.outages(endMs, seen.presses),
    registry: desk.registry,
    checks: [...checkers, dutyCycleOf(world.air)].map((checker) => checker.verdict(end)),
  };
  return judgeRun(scenario, facts);
}

/** Puts every message of a receiver into the capture. */
function tapOf(scenario: Scenario, capture: Capture | undefined): Witness {
  if (capture === undefined) return {};
  return {
    packet: (atMs, receiver, direction, bytes, far, transport) => {
      const own = scenario.world.receivers[receiver];
      if (own === undefined) return;
      const [from, to] = direction === "sent" ? [own, far] : [far, own];
      capture.add(scenario.startWallMs + atMs, from, to, bytes, transport);
    },
  };
}

function headOf(scenario: Scenario): RunFacts["scenario"] {
  const { name, question, source, path, files, set, startWallMs, durationMs } = scenario;
  return { name, question, source, path, files, set, startWallMs, durationMs };
}

function unitOf({ name, cid, group }: Resident): RunUnit {
  const { provider, policy, receivers } = group;
  return { id: name, cid, group: group.name, provider, policy, receivers };
}

/** Answers how far it came. */
async function run(world: World, scenario: Scenario, options: PlayOptions, desk: MonitorDesk): Promise<number> {
  let untilMs = 0;
  while (untilMs < scenario.durationMs && options.stop?.(untilMs) !== true) {
    untilMs = Math.min(untilMs + sliceMs, scenario.durationMs);
    world.queue.runUntil(untilMs);
    desk.pass(untilMs);
    options.onProgress(untilMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return untilMs;
}

function announceFaults(scenario: Scenario, world: World, options: PlayOptions): void {
  for (const { fromMs, toMs, object, name, fault } of scenario.faults) {
    const tell = (atMs: number, what: string): void => {
      options.log.write(atMs, "world", { type: "fault", object, name, fault, what });
      options.onProgress(atMs, `${object} ${name}: ${fault} ${what}`);
    };
    world.queue.at(fromMs, () => tell(fromMs, "begins"));
    if (toMs < scenario.durationMs) world.queue.at(toMs, () => tell(toMs, "ends"));
  }
}
