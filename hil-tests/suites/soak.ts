/** Hours of ordinary life: presses now and then, beats all the time, no restart, and how long people wait. */
import assert from "node:assert/strict";
import { percentile } from "../../simulator/report/statistics.ts";
import type { HilCase } from "../run/case.ts";
import { benchLarmkod } from "../strategy/bench-settings.ts";
import type { Subject } from "../strategy/subject.ts";
import { acceptedPress, assertOneCase } from "./alarms.ts";
import { unitCase } from "./unit-case.ts";

const soakMs = 3 * 3_600_000;
/** Longer than an accepted alarm stays open, so that each press is an alarm of its own. */
const pressEachMs = 150_000;
const acceptedMs = 10_000;
/** Between two beats to the first receiver (SS 91100), with room for one that is sent again. */
const beatMs = 200_000;

export const soakCases: readonly HilCase<Subject>[] = [
  unitCase({
    suite: "soak",
    name: "three-hours",
    proves:
      "for three hours every press is accepted in time as one case, beats come without a gap, and nothing starts anew",
    needs: ["press", "receiver"],
    start: "online",
    limitMs: soakMs + 900_000,
    isNightly: true,
    run: async (subject, { measure, note, signal }) => {
      const { bench, unit } = subject;
      const fromMs = bench.nowMs();
      const { life } = unit;
      const waits: number[] = [];
      while (bench.nowMs() - fromMs < soakMs) {
        signal.throwIfAborted();
        const alarm = await acceptedPress(subject, acceptedMs);
        assertOneCase(subject, alarm);
        waits.push(alarm.afterMs);
        await bench.sleep(pressEachMs);
        await unit.confirm(3_000);
      }
      assert.equal(unit.life, life, "the unit started anew");
      assert.ok(longestGapMs(subject, fromMs) <= beatMs, "there was a gap between beats");
      waits.sort((a, b) => a - b);
      for (const percent of [50, 95, 99])
        measure({
          name: `press to accepted, p${percent}`,
          value: percentile(waits, percent) ?? Number.NaN,
          unit: "ms",
          most: acceptedMs,
        });
      note(`${waits.length} presses`);
    },
  }),
];

/** Between two messages of the unit to its first receiver. */
function longestGapMs(subject: Subject, fromMs: number): number {
  const heard = subject.receiver(1).events.filter(({ cid, hostMs }) => cid === benchLarmkod && hostMs >= fromMs);
  const times = [fromMs, ...heard.map(({ hostMs }) => hostMs), subject.bench.nowMs()];
  return Math.max(...times.slice(1).map((atMs, at) => atMs - (times[at] as number)));
}
