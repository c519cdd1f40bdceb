import fc from "fast-check";
import { expect, test } from "vitest";
import { type ClockStep, clockLife, jobMinute, startMs } from "./arbitraries.ts";
import { type DailyEvent, type DailyState, ranLimit, startDaily, stepDaily } from "./daily-jobs-machine.ts";
import { localTimeOf } from "./stockholm.ts";

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

interface Run {
  readonly day: number;
  readonly wallMs: number;
  readonly lateMs: number;
}

/** One job of a unit whose clock the test moves. Only wake-ups and changes of the clock reach the machine. */
class Life {
  readonly runs: Run[] = [];
  wakeUps = 0;
  nowMs = 0;
  private state: DailyState;
  private kept: readonly number[] = [];
  private readonly atMs: number;
  private wallOffsetMs: number | undefined;

  constructor(atMs: number) {
    this.atMs = atMs;
    this.state = startDaily([atMs], [], 0);
    this.step("clock-changed");
  }

  get wallMs(): number {
    return this.wallOffsetMs === undefined ? -1 : this.nowMs + this.wallOffsetMs;
  }

  tell(wallMs: number): void {
    this.wallOffsetMs = wallMs - this.nowMs;
    this.step("clock-changed");
  }

  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    while (this.state.wakeMs <= untilMs) {
      this.nowMs = this.state.wakeMs;
      this.wakeUps++;
      const before = this.runs.length;
      this.step("due");
      expect(this.runs.length).toBe(before + 1);
      expect(this.state.wakeMs).toBeGreaterThan(this.nowMs);
    }
    this.nowMs = untilMs;
  }

  restart(): void {
    this.nowMs = 0;
    this.wallOffsetMs = undefined;
    this.state = startDaily([this.atMs], [this.kept], 0);
    this.step("clock-changed");
  }

  private step(type: DailyEvent["type"]): void {
    const next = stepDaily(this.state, { type, nowMs: this.nowMs, wallMs: this.wallMs });
    this.state = next.state;
    let keptNow = false;
    for (const effect of next.effects) {
      if (effect.type === "keep") {
        this.kept = effect.ran;
        keptNow = true;
      }
      if (effect.type === "run") {
        expect(keptNow || effect.day < 0).toBe(true);
        this.runs.push({ day: effect.day, wallMs: this.wallMs, lateMs: effect.lateMs });
      }
    }
    expect(this.kept.length).toBeLessThanOrEqual(ranLimit);
  }
}

function runTimes(life: Life): string[] {
  return life.runs.map((run) => new Date(run.wallMs).toISOString().substring(0, 16));
}

test("a job comes once a day at its place, with one wake-up", () => {
  const life = new Life(3 * hourMs + 250);
  life.tell(Date.UTC(2026, 0, 1));
  life.pass(30 * dayMs);
  expect(life.runs).toHaveLength(30);
  expect(life.runs.every((run) => run.lateMs === 0 && run.wallMs % dayMs === 2 * hourMs + 250)).toBe(true);
  expect(life.wakeUps).toBe(30);
});

test("half past two comes once on both days on which the clocks change: later by the hour, and the first of two", () => {
  const life = new Life(2.5 * hourMs);
  life.tell(Date.UTC(2026, 2, 28));
  life.pass(3 * dayMs);
  life.tell(Date.UTC(2026, 9, 24));
  life.pass(3 * dayMs);
  expect(runTimes(life)).toEqual([
    "2026-03-28T01:30",
    "2026-03-29T01:30",
    "2026-03-30T00:30",
    "2026-10-24T00:30",
    "2026-10-25T00:30",
    "2026-10-26T01:30",
  ]);
});

test("a clock that leaps far ahead and back does not lose the days between", () => {
  const life = new Life(12 * hourMs);
  const honestMs = Date.UTC(2026, 4, 4, 13);
  life.tell(honestMs);
  life.tell(honestMs + 400 * dayMs);
  life.tell(honestMs);
  life.pass(dayMs);
  expect(runTimes(life)).toEqual(["2026-05-04T13:00", "2027-06-08T13:00", "2026-05-05T10:00"]);
});

test("what was missed while the unit was off comes late on the same date, and not at all for a date that has passed", () => {
  const life = new Life(6 * hourMs);
  life.tell(Date.UTC(2026, 4, 4));
  life.pass(hourMs);
  life.restart();
  life.tell(Date.UTC(2026, 4, 6, 12));
  expect(life.runs).toEqual([{ day: 20_579, wallMs: Date.UTC(2026, 4, 6, 12), lateMs: 8 * hourMs }]);
});

test("while the time is unknown a job comes each 24 hours, and that run gets its date as soon as the time is known", () => {
  const life = new Life(12 * hourMs);
  life.pass(2 * dayMs + hourMs);
  expect(life.runs.map((run) => run.day)).toEqual([-1, -1]);
  life.tell(Date.UTC(2026, 4, 4, 15));
  life.pass(hourMs);
  expect(life.runs).toHaveLength(2);
  life.pass(dayMs);
  expect(runTimes(life).slice(2)).toEqual(["2026-05-05T10:00"]);
});

test("a run without a date that was on the day before does not count for today", () => {
  const life = new Life(12 * hourMs);
  life.pass(dayMs + 20 * hourMs);
  life.tell(Date.UTC(2026, 4, 4, 15));
  expect(life.runs).toHaveLength(2);
});

/**
 * The slow honest model: every minute it looks at the clock on the wall and runs the job when its minute has come or gone on a
 * date that has not had it.
 */
function modelOf(atMinute: number, fromMs: number, life: readonly ClockStep[]): number[] {
  const days: number[] = [];
  let wallMs = fromMs;
  const look = (): void => {
    const local = localTimeOf(Math.floor(wallMs / 1000));
    const anHourAgo = localTimeOf(Math.floor(wallMs / 1000) - 3_600);
    const leftOut = atMinute >= 120 && atMinute < 180 && local.secondOfDay - anHourAgo.secondOfDay === 7_200;
    const dueMinute = leftOut ? atMinute + 60 : atMinute;
    // In the hour that the autumn has twice, every time of it has come once already.
    const again = local.secondOfDay === anHourAgo.secondOfDay && atMinute < 180;
    const hasCome = again || Math.floor(local.secondOfDay / 60) >= dueMinute;
    if (hasCome && !days.includes(local.day)) days.push(local.day);
  };
  look();
  for (const step of life) {
    if (step.type === "pass") {
      for (let ms = 0; ms < step.ms; ms += minuteMs) {
        wallMs += minuteMs;
        look();
      }
    } else {
      wallMs += step.type === "leap" ? step.byMs : step.offMs;
      look();
    }
  }
  return days;
}

test("over days of change, leaps and restarts each date has its job once where its time has come, as in a slow model", () => {
  fc.assert(
    fc.property(startMs, jobMinute, clockLife, (fromMs, atMinute, steps) => {
      const life = new Life(atMinute * minuteMs);
      life.tell(fromMs);
      for (const step of steps) {
        if (step.type === "pass") life.pass(step.ms);
        else if (step.type === "leap") life.tell(life.wallMs + step.byMs);
        else {
          const wallMs = life.wallMs + step.offMs;
          life.restart();
          life.tell(wallMs);
        }
      }
      const days = life.runs.map((run) => run.day);
      expect(days).toEqual(modelOf(atMinute, fromMs, steps));
      expect(new Set(days).size).toBe(days.length);
    }),
    { numRuns: 300 },
  );
});
