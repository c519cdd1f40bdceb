/** A played town at a pace: so many seconds of the story in each real one, or as fast as it goes; and what its page is told. */
import { faultRows } from "../record/fault-rows.ts";
import type { Broken, Frame, Order, Story, Wait } from "./messages.ts";
import { openedUnit } from "./opened-unit.ts";
import type { Session } from "./session.ts";
import { storyOfScenario } from "./story.ts";
import type { Town } from "./town.ts";
import { marksOf } from "./unit-marks.ts";
import { RefusedError, type View } from "./view.ts";

/** So long the story may keep the process from everything else. */
const busyMs = 40;
const restMs = 40;
/** The story is played in pieces of at most this, so that even a large town can be stopped in time. */
const pieceMs = 100;
const mostNotices = 8;

export interface PlayedOptions {
  readonly speed: number;
  /** Keeps a story as a file and answers its path; throws RefusedError where it cannot. */
  readonly save: (text: string) => string;
  /** Something may have changed. */
  readonly onChange: () => void;
}

export class LivePlayed implements View {
  readonly story: Story;
  private readonly session: Session;
  private readonly options: PlayedOptions;
  private running: boolean;
  private speed: number;
  /** It stops there by itself. */
  private goalMs: number | undefined;
  /** Real time up to which the story has been played. */
  private playedMs: number;
  private timer: NodeJS.Timeout | undefined;
  private opened: number;
  private shownTown: Town | undefined;
  private shownMarks: string;
  private waits: Wait[];

  constructor(session: Session, options: PlayedOptions) {
    this.session = session;
    this.options = options;
    this.story = storyOfScenario(session.scenario, session.seed);
    this.running = false;
    this.speed = options.speed;
    this.goalMs = undefined;
    this.playedMs = 0;
    this.timer = undefined;
    this.opened = -1;
    this.shownTown = undefined;
    this.shownMarks = "";
    this.waits = [];
  }

  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.running = false;
  }

  follow(order: Order): string | undefined {
    switch (order.type) {
      case "play":
        this.running = !this.session.isOver;
        this.goalMs = undefined;
        break;
      case "pause":
        this.running = false;
        this.goalMs = undefined;
        break;
      case "speed":
        this.speed = order.speed;
        break;
      case "step":
        this.running = false;
        this.goalMs = (this.goalMs ?? this.session.atMs) + order.ms;
        break;
      case "seek":
        this.goalMs = undefined;
        this.session.seek(order.ms);
        break;
      case "open":
        this.opened = this.story.units.findIndex(({ id }) => id === order.unit);
        if (this.opened < 0 && order.unit !== null) throw new RefusedError(`there is no unit "${order.unit}"`);
        break;
      case "do":
        this.session.do(order.deed);
        break;
      case "mend":
        this.session.mend(order.object, order.name);
        break;
      case "save":
        return this.options.save(this.session.text());
    }
    this.playedMs = performance.now();
    this.wake();
    this.options.onChange();
    return undefined;
  }

  frame(whole: boolean): Frame {
    const { session } = this;
    const { town, run } = session;
    const isNew = town !== this.shownTown;
    if (isNew) this.waits = [];
    this.shownTown = town;
    const fresh = town.newWaits(run.books.recorder);
    this.waits.push(...fresh);
    const marks = town.marks();
    const changed = whole || isNew ? [] : marksOf(this.shownMarks, marks);
    this.shownMarks = marks;
    return {
      version: 0,
      atMs: session.atMs,
      running: this.running || this.goalMs !== undefined,
      speed: this.speed,
      catchingUp: session.catchingUp ?? null,
      marks: whole || isNew ? marks : null,
      changed,
      counts: town.counts(marks),
      waiting: town.waiting(),
      waits: whole || isNew ? this.waits : fresh,
      broken: this.broken(),
      done: [...session.done].sort((a, b) => a.atMs - b.atMs),
      notices: run.notices.slice(-mostNotices).reverse(),
      opened: this.opened < 0 ? null : openedUnit(session, this.opened, marks[this.opened] as Frame["changed"][0][1]),
      digest: session.isOver ? run.world.digest.value() : null,
    };
  }

  private broken(): readonly Broken[] {
    const { scenario, atMs, run, seed, done } = this.session;
    const now = scenario.faults.filter(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
    return faultRows(now, run.world.residents, seed, scenario.durationMs).map((row) => ({
      object: row.object,
      name: row.name,
      fault: row.fault,
      fromMs: row.fromMs,
      toMs: row.toMs,
      byHand: done.some(
        ({ deed, atMs: fromMs }) => deed.type === "fault" && fromMs === row.fromMs && deed.name === row.name,
      ),
    }));
  }

  private wake(): void {
    if (this.timer === undefined && this.isBusy()) this.timer = setTimeout(() => this.tick(), 0);
  }

  private isBusy(): boolean {
    return this.running || this.goalMs !== undefined || this.session.catchingUp !== undefined;
  }

  /** Plays what is due, but never so long that nobody could stop it; what a slow machine does not manage is not made up for. */
  private tick(): void {
    const nowMs = performance.now();
    const { session } = this;
    const dueMs = session.catchingUp?.toMs ?? this.goalMs ?? this.pacedMs(nowMs);
    while (performance.now() - nowMs < busyMs) {
      const atMs = session.catchingUp?.atMs ?? session.atMs;
      if (atMs >= dueMs || session.isOver) break;
      session.playUntil(Math.min(dueMs, atMs + pieceMs));
    }
    this.playedMs = nowMs;
    if (this.goalMs !== undefined && session.atMs >= this.goalMs) this.goalMs = undefined;
    if (session.isOver && session.catchingUp === undefined) {
      this.running = false;
      this.goalMs = undefined;
    }
    this.options.onChange();
    this.timer = this.isBusy() ? setTimeout(() => this.tick(), this.isBehind(dueMs) ? 0 : restMs) : undefined;
  }

  private pacedMs(nowMs: number): number {
    const { atMs, scenario } = this.session;
    if (this.speed === 0) return scenario.durationMs;
    return Math.min(scenario.durationMs, atMs + Math.max(1, Math.round((nowMs - this.playedMs) * this.speed)));
  }

  private isBehind(dueMs: number): boolean {
    return (this.session.catchingUp?.atMs ?? this.session.atMs) < dueMs;
  }
}
