/**
 * A story that somebody plays by hand: on by any step, back by playing again, and with deeds put in between. What is done comes to the
 * world at an instant at which nothing else happens, so that the saved story, in which it is planned, is the same run byte by byte.
 */
import { Run } from "../play.ts";
import { RunLog } from "../report/run-log.ts";
import type { ScenarioFault } from "../scenario/fault.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { ScenarioError } from "../scenario/scenario-error.ts";
import type { ScenarioFile } from "../scenario/scenario-schema.ts";
import { isFault, mostDeeds, storyOf, storyText } from "./deeds.ts";
import type { Deed, DoneDeed } from "./messages.ts";
import { Town } from "./town.ts";
import { RefusedError } from "./view.ts";

/** A run with the town that watches it. */
interface Played {
  readonly scenario: Scenario;
  readonly run: Run;
  readonly town: Town;
}

export interface SessionOptions {
  /** The story as entries (`readEntries` of scenario/scenario-file.ts), and where they come from. */
  readonly file: ScenarioFile;
  readonly path: string;
  readonly seed: number;
}

export class Session {
  done: readonly DoneDeed[];
  private readonly options: SessionOptions;
  private played: Played;
  /** The run that is to take the place of `played` once it has come so far. */
  private catching: { readonly next: Played; readonly toMs: number } | undefined;

  /** Throws ScenarioError. */
  constructor(options: SessionOptions) {
    this.options = options;
    this.done = [];
    this.played = this.begin(this.done);
    this.catching = undefined;
  }

  get scenario(): Scenario {
    return this.played.scenario;
  }

  get run(): Run {
    return this.played.run;
  }

  get town(): Town {
    return this.played.town;
  }

  get seed(): number {
    return this.options.seed;
  }

  get atMs(): number {
    return this.played.run.world.queue.nowMs;
  }

  get isOver(): boolean {
    return this.atMs >= this.scenario.durationMs;
  }

  /** Played again from the beginning, and how far it must come; undefined: not so. */
  get catchingUp(): { readonly atMs: number; readonly toMs: number } | undefined {
    const { catching } = this;
    return catching && { atMs: catching.next.run.world.queue.nowMs, toMs: catching.toMs };
  }

  /** On to that instant; while it is played again, that run goes on instead. */
  playUntil(untilMs: number): void {
    const { catching } = this;
    if (catching === undefined) {
      this.played.run.playUntil(untilMs);
      return;
    }
    catching.next.run.playUntil(Math.min(untilMs, catching.toMs));
    if (catching.next.run.world.queue.nowMs < catching.toMs) return;
    this.played = catching.next;
    this.catching = undefined;
  }

  /** To any instant of the story; what lies before the present one is played again. All that was done stays in the story. */
  seek(atMs: number): void {
    const toMs = Math.max(0, Math.min(atMs, this.scenario.durationMs));
    if (toMs >= this.atMs && this.catching === undefined) this.catching = { next: this.played, toMs };
    else this.again(this.done, toMs);
  }

  /** Does it now. Throws RefusedError where the story does not allow it. */
  do(deed: Deed): void {
    this.checkIdle();
    if (this.done.length >= mostDeeds) throw new RefusedError(`a story holds at most ${mostDeeds} deeds`);
    const atMs = this.quietInstant();
    const nextMs = isFault(deed) ? this.nextFaultMs(deed, atMs) : undefined;
    const one: DoneDeed = { atMs, toMs: nextMs ?? null, deed };
    const done = [...this.done, one];
    const scenario = this.storyOf(done);
    this.done = done;
    const { world } = this.played.run;
    const isIn = isFault(deed)
      ? nextMs === undefined && world.begin(faultOf(scenario, deed, atMs))
      : this.act(scenario, atMs);
    if (isIn) this.settle(scenario);
    else this.again(done, atMs);
  }

  /** Ends what somebody broke. Throws RefusedError where nobody did. */
  mend(object: string, name: string): void {
    this.checkIdle();
    const index = this.done.findIndex(
      ({ deed, atMs, toMs }) =>
        isFault(deed) &&
        deed.object === object &&
        deed.name === name &&
        atMs <= this.atMs &&
        (toMs ?? this.atMs + 1) > this.atMs,
    );
    const one = this.done[index];
    if (one === undefined || !isFault(one.deed))
      throw new RefusedError("nobody has broken that here; the story itself has");
    const atMs = this.quietInstant();
    const done = this.done.map((each, at) => (at === index ? { ...each, toMs: atMs } : each));
    const scenario = this.storyOf(done);
    this.done = done;
    const fault = faultOf(scenario, one.deed, one.atMs);
    if (one.toMs === null && this.played.run.world.end(fault)) this.settle(scenario);
    else this.again(done, atMs);
  }

  /** The story with all that was done, as a file that stands alone. */
  text(): string {
    const { seed, path } = this.options;
    return storyText(this.options.file, this.done, [
      `Played by hand in the dashboard from ${path}, seed ${seed}.`,
      `The same run again: livlina sim run FILE --seed ${seed}`,
    ]);
  }

  private begin(done: readonly DoneDeed[]): Played {
    return this.play(storyOf(this.options.file, done, this.options.path));
  }

  private play(scenario: Scenario): Played {
    const town = new Town(scenario);
    const { seed } = this.options;
    const run = new Run(scenario, { seed, onProgress: () => {}, log: new RunLog(undefined), watch: town });
    return { scenario, run, town };
  }

  private again(done: readonly DoneDeed[], toMs: number): void {
    this.catching = { next: this.begin(done), toMs };
  }

  /** What was done has come into the world that runs: its effects at this very instant come now. */
  private settle(scenario: Scenario): void {
    this.played = { ...this.played, scenario };
    const { queue } = this.played.run.world;
    queue.runUntil(queue.nowMs);
  }

  private act(scenario: Scenario, atMs: number): boolean {
    const step = scenario.timeline.find((each) => each.atMs === atMs);
    if (step === undefined) throw new Error(`dashboard: nothing is planned at ${atMs} ms`);
    const { world } = this.played.run;
    world.queue.at(atMs, () => world.act(step));
    return true;
  }

  /** On to the next instant at which nothing is planned: what is done there comes before or after nothing else. */
  private quietInstant(): number {
    const { run } = this.played;
    const { queue } = run.world;
    for (;;) {
      const atMs = queue.nowMs + 1;
      if (atMs >= this.scenario.durationMs) throw new RefusedError("the story is over");
      const next = queue.next();
      run.playUntil(atMs);
      if (next === undefined || next > atMs) return atMs;
    }
  }

  /** When the story breaks that object next. */
  private nextFaultMs({ object, name }: Extract<Deed, { readonly type: "fault" }>, atMs: number): number | undefined {
    const later = this.scenario.faults.find(
      (each) => each.object === object && each.name === name && each.fromMs > atMs,
    );
    return later?.fromMs;
  }

  private storyOf(done: readonly DoneDeed[]): Scenario {
    try {
      return storyOf(this.options.file, done, this.options.path);
    } catch (thrown) {
      if (!(thrown instanceof ScenarioError)) throw thrown;
      const [first] = thrown.problems;
      throw new RefusedError(first?.message ?? thrown.message);
    }
  }

  private checkIdle(): void {
    if (this.catching !== undefined) throw new RefusedError("the story is being played again; wait a moment");
  }
}

function faultOf(scenario: Scenario, deed: Extract<Deed, { readonly type: "fault" }>, atMs: number): ScenarioFault {
  const { object, name } = deed;
  const fault = scenario.faults.find((each) => each.object === object && each.name === name && each.fromMs === atMs);
  if (fault === undefined) throw new Error(`dashboard: no fault of ${object} ${name} at ${atMs} ms`);
  return fault;
}
