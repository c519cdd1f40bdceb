/** Plays a scenario from its first to its last millisecond and puts down what happened. */

import { AlarmSight } from "./checkers/alarm-sight.ts";
import { checkersOf, dutyCycleOf } from "./checkers/all-checkers.ts";
import type { RunEnd } from "./checkers/checker.ts";
import { Hindrances } from "./checkers/hindrances.ts";
import type { ModemLevel } from "./coarse/modem-level.ts";
import { MonitorDesk } from "./monitor/monitor-desk.ts";
import { Books } from "./record/books.ts";
import { faultRows } from "./record/fault-rows.ts";
import { lookAnew } from "./record/message-look.ts";
import {
  type MonitorNotice,
  type RunResult,
  type RunScenario,
  type RunUnit,
  runResultVersion,
} from "./record/run-result.ts";
import { together, type Witness } from "./record/witness.ts";
import { judgeRun } from "./report/expectations.ts";
import type { RunLog } from "./report/run-log.ts";
import { type Resident, residentsOf } from "./residents.ts";
import type { Scenario } from "./scenario/scenario.ts";
import type { Starters } from "./starters.ts";
import type { Capture } from "./trace/capture.ts";
import { Tap } from "./trace/tap.ts";
import { World } from "./world.ts";

export interface RunOptions {
  readonly seed: number;
  /** Called now and then with the virtual time reached; with a line where something happened that people want to see. */
  readonly onProgress: (virtualMs: number, line?: string) => void;
  readonly log: RunLog;
  /** Where packets of all kinds go; nowhere unless said. */
  readonly capture?: Capture;
  /** Sees everything that happens, beside those who always do. */
  readonly watch?: Witness;
  /** Called before the first event: plans what no scenario file can say. */
  readonly prepare?: (world: World) => void;
  /** Who brings the firmware of all devices to life. */
  readonly starters?: Starters;
  /** How modems are played; at the bytes of their lines unless said. */
  readonly modem?: ModemLevel;
}

export interface PlayOptions extends RunOptions {
  /** Asked between two slices: true ends the run there. */
  readonly stop?: (reachedMs: number) => boolean;
}

/** Between two looks at the progress, and at whatever else the process has to do. */
const sliceMs = 60_000;

/** One run, played as far as it is asked to. Into whatever pieces it is cut, it is the same run. */
export class Run {
  readonly world: World;
  private readonly scenario: Scenario;
  private readonly options: RunOptions;
  private readonly began: number;
  private readonly sight: AlarmSight;
  readonly books: Books;
  private readonly desk: MonitorDesk;
  private readonly checks: ReturnType<typeof checkersOf>;

  constructor(scenario: Scenario, options: RunOptions) {
    this.began = performance.now();
    this.scenario = scenario;
    this.options = options;
    const { seed, log, capture } = options;
    const residents = residentsOf(scenario, seed);
    const sight = new AlarmSight(residents, scenario.startWallMs);
    this.sight = sight;
    this.books = new Books(scenario, residents, log);
    this.desk = new MonitorDesk(scenario, residents, (notice) => {
      log.write(notice.atMs, "monitor", { type: "notice", ...notice });
      if (notice.cause === "server")
        options.onProgress(notice.atMs, `monitor: ${notice.subject} ${notice.phase} (${notice.evidence})`);
    });
    const hindrances = new Hindrances(scenario, seed);
    this.checks = checkersOf({ scenario, residents, sight, hindrances });
    const witnesses = [
      eyesOf(sight, hindrances),
      ...this.books.witnesses,
      this.desk,
      capture === undefined ? {} : new Tap(scenario, residents, capture),
      options.watch ?? {},
      ...this.checks.all,
    ];
    this.world = new World(scenario, seed, residents, together(witnesses), options.starters, options.modem);
    announceFaults(scenario, this.world, options);
    options.prepare?.(this.world);
  }

  /** What the monitor has said so far. */
  get notices(): readonly MonitorNotice[] {
    return this.desk.notices;
  }

  /** Up to and including that instant, or to the end of the scenario. */
  playUntil(untilMs: number): void {
    const { queue } = this.world;
    const lastMs = Math.min(untilMs, this.scenario.durationMs);
    while (queue.nowMs < lastMs) {
      const lookMs = Math.min(queue.nowMs - (queue.nowMs % sliceMs) + sliceMs, this.scenario.durationMs);
      queue.runUntil(Math.min(lookMs, lastMs));
      if (queue.nowMs === lookMs) this.desk.pass(lookMs);
    }
  }

  /** What came of it so far. */
  result(): RunResult {
    const { scenario, options, world, desk, sight } = this;
    const { all: checkers, duplicates } = this.checks;
    const endMs = world.queue.nowMs;
    const end: RunEnd = { endMs, receivers: world.receivers, flashOf: (unit) => world.home(unit)?.flash };
    const seen = this.books.facts(sight, duplicates.casesOf(end), endMs);
    return judgeRun(scenario, {
      formatVersion: runResultVersion,
      scenario: headOf(scenario),
      seed: options.seed,
      modem: options.modem ?? "bytes",
      digest: world.digest.value(),
      virtualMs: endMs,
      interruptedMs: endMs < scenario.durationMs ? endMs : null,
      wallMs: Math.round(performance.now() - this.began),
      events: world.queue.ran,
      units: world.residents.map(unitOf),
      ...seen,
      faults: faultRows(scenario.faults, world.residents, options.seed, endMs),
      notices: desk.notices,
      outages: desk.outages(endMs, seen.presses),
      registry: desk.registry,
      checks: [...checkers, dutyCycleOf(world.air)].map((checker) => checker.verdict(end)),
    });
  }
}

export async function playScenario(scenario: Scenario, options: PlayOptions): Promise<RunResult> {
  const run = new Run(scenario, options);
  const { queue } = run.world;
  while (queue.nowMs < scenario.durationMs && options.stop?.(queue.nowMs) !== true) {
    run.playUntil(queue.nowMs + sliceMs);
    options.onProgress(queue.nowMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return run.result();
}

/** First of all, so that each message is looked at anew. */
function eyesOf(sight: AlarmSight, hindrances: Hindrances): Witness {
  return {
    started: (atMs, unit) => sight.started(atMs, unit),
    datagram: (atMs, unit, route, direction, bytes) => {
      lookAnew();
      if (direction === "sent") sight.sent(atMs, unit, bytes);
      else sight.received(atMs, unit, bytes, route);
    },
    packet: lookAnew,
    receiverSigned: (_atMs, receiver, sign) => {
      if (sign.type === "answered") sight.answered(sign, hindrances.isStrange(receiver));
    },
  };
}

function headOf(scenario: Scenario): RunScenario {
  const { name, question, source, path, files, set, startWallMs, durationMs } = scenario;
  return { name, question, source, path, files, set, startWallMs, durationMs };
}

function unitOf({ name, cid, group }: Resident): RunUnit {
  const { provider, policy, receivers } = group;
  return { id: name, cid, group: group.name, provider, policy, receivers };
}

function announceFaults(scenario: Scenario, world: World, options: RunOptions): void {
  for (const { fromMs, toMs, object, name, fault } of scenario.faults) {
    const tell = (atMs: number, what: string): void => {
      options.log.write(atMs, "world", { type: "fault", object, name, fault, what });
      options.onProgress(atMs, `${object} ${name}: ${fault} ${what}`);
    };
    world.queue.at(fromMs, () => tell(fromMs, "begins"));
    if (toMs < scenario.durationMs) world.queue.at(toMs, () => tell(toMs, "ends"));
  }
}
