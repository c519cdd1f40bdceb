/** Plays a scenario from its first to its last millisecond and puts down what happened. */

import { AlarmSight } from "./checkers/alarm-sight.ts";
import type { Checker, RunEnd } from "./checkers/checker.ts";
import { DuplicateCases } from "./checkers/duplicate-cases.ts";
import { DutyCycle } from "./checkers/duty-cycle.ts";
import { FalseAccepted } from "./checkers/false-accepted.ts";
import { Hindrances } from "./checkers/hindrances.ts";
import { LostAlarms } from "./checkers/lost-alarms.ts";
import { MonitorDesk } from "./monitor/monitor-desk.ts";
import { BeatCount } from "./record/beat-count.ts";
import { ProofOfLife } from "./record/proof-of-life.ts";
import { Recorder } from "./record/recorder.ts";
import { type RunFacts, type RunResult, type RunUnit, runResultVersion } from "./record/run-result.ts";
import { together, type Witness } from "./record/witness.ts";
import type { Capture } from "./report/capture.ts";
import { judgeRun } from "./report/expectations.ts";
import type { RunLog } from "./report/run-log.ts";
import { type Resident, residentsOf } from "./residents.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { World } from "./world.ts";

export interface PlayOptions {
  readonly seed: number;
  /** Called now and then with the virtual time reached; with a line where something happened that people want to see. */
  readonly onProgress: (virtualMs: number, line?: string) => void;
  readonly log: RunLog;
  /** Where the messages of all receivers go; nowhere unless said. */
  readonly capture?: Capture;
  /** Called before the first event: plans what no scenario file can say. */
  readonly prepare?: (world: World) => void;
}

/** Between two looks at the progress, and at whatever else the process has to do. */
const sliceMs = 60_000;

export async function playScenario(scenario: Scenario, options: PlayOptions): Promise<RunResult> {
  const began = performance.now();
  const residents = residentsOf(scenario, options.seed);
  const sight = new AlarmSight(residents, scenario.startWallMs);
  const recorder = new Recorder(scenario, residents, options.log);
  const life = new ProofOfLife(scenario, residents);
  const desk = new MonitorDesk(scenario, residents, (notice) => {
    options.log.write(notice.atMs, "monitor", { type: "notice", ...notice });
    if (notice.cause === "server")
      options.onProgress(notice.atMs, `monitor: ${notice.subject} ${notice.phase} (${notice.evidence})`);
  });
  const eyes: Witness = {
    started: (atMs, unit) => sight.started(atMs, unit),
    datagram: (atMs, unit, _route, direction, bytes) =>
      direction === "sent" ? sight.sent(atMs, unit, bytes) : sight.received(atMs, unit, bytes),
  };
  const beats = new BeatCount(residents.length);
  const hindrances = new Hindrances(scenario);
  const names = scenario.world.receivers.map(({ name }) => name);
  const duplicates = new DuplicateCases({ names, residents, sight, hindrances });
  const checkers: Checker[] = [
    new LostAlarms(sight, residents, hindrances),
    new FalseAccepted(sight, residents),
    duplicates,
  ];
  const witnesses = [eyes, recorder, life, desk, beats, tapOf(scenario, options.capture), ...checkers];
  const world = new World(scenario, options.seed, residents, together(witnesses));
  announceFaults(scenario, world, options);
  options.prepare?.(world);
  await run(world, scenario, options, desk);
  const endMs = scenario.durationMs;
  const end: RunEnd = { endMs, receivers: world.receivers };
  const facts: RunFacts = {
    formatVersion: runResultVersion,
    scenario: headOf(scenario),
    seed: options.seed,
    digest: world.digest.value(),
    virtualMs: endMs,
    wallMs: Math.round(performance.now() - began),
    events: world.queue.ran,
    units: residents.map(unitOf),
    presses: recorder.rows(sight, duplicates.casesOf(end)),
    faults: scenario.faults.map(({ fromMs, toMs, object, name, fault }) => ({ fromMs, toMs, object, name, fault })),
    notices: desk.notices,
    receivers: recorder.intake,
    pathless: life.pathless(endMs),
    pending: recorder.pending,
    checks: [...checkers, new DutyCycle(world.air)].map((checker) => checker.verdict(end)),
    otherReports: recorder.otherReports,
    beats: beats.counts(endMs),
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

function headOf({ name, question, source, path, startWallMs }: Scenario): RunFacts["scenario"] {
  return { name, question, source, path, startWallMs };
}

function unitOf({ name, cid, group }: Resident): RunUnit {
  const { provider, policy, receivers } = group;
  return { id: name, cid, group: group.name, provider, policy, receivers };
}

async function run(world: World, scenario: Scenario, options: PlayOptions, desk: MonitorDesk): Promise<void> {
  for (let untilMs = 0; untilMs < scenario.durationMs; ) {
    untilMs = Math.min(untilMs + sliceMs, scenario.durationMs);
    world.queue.runUntil(untilMs);
    desk.pass(untilMs);
    options.onProgress(untilMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
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
