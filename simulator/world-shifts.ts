/** The people at receivers who come and go by the clock: how many speak at once at which hours. */
import type { EventQueue } from "./core/event-queue.ts";
import type { ScenarioOperators } from "./scenario/scenario.ts";
import { nextSwedishClock, swedishOffsetMs } from "./scenario/scenario-clock.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Tells `staff` how many are there from the start of the run on, and at each change. */
export function planShifts(
  queue: EventQueue,
  startWallMs: number,
  operators: ScenarioOperators,
  staff: (count: number) => void,
): void {
  if (operators.shifts.length === 0) return;
  const turns = [...new Set(operators.shifts.flatMap(({ fromMinute, toMinute }) => [fromMinute, toMinute % 1_440]))];
  const turn = (): void => {
    const wallMs = startWallMs + queue.nowMs;
    staff(countAt(operators, wallMs));
    const next = Math.min(...turns.map((minute) => nextSwedishClock(wallMs + 1, minute * minuteMs)));
    queue.at(next - startWallMs, turn);
  };
  turn();
}

function countAt({ shifts, count }: ScenarioOperators, wallMs: number): number {
  const minute = Math.floor(((wallMs + swedishOffsetMs(wallMs)) % dayMs) / minuteMs);
  return shifts.find(({ fromMinute, toMinute }) => fromMinute <= minute && minute < toMinute)?.count ?? count;
}
