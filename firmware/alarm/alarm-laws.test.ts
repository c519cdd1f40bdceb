/** The laws of `test-laws.ts` over random lives of the machine, and that everything ends well once the world is well again. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { alarmBench, alarmLife, allAccepted } from "./arbitraries.ts";
import { isPending } from "./report.ts";
import { answering } from "./test-bench.ts";

const benches = fc.record({
  receiverCount: fc.integer({ min: 1, max: 4 }),
  routes: fc.constantFrom<["mobile", "broadband"] | ["mobile"]>(["mobile", "broadband"], ["mobile"]),
  dice: fc.integer({ min: 1, max: 1_000_000 }),
  preAlarmMs: fc.constantFrom(0, 10_000, 30_000),
  fallDelayMs: fc.constantFrom(0, 10_000),
});

test("no life of presses, answers, lies, failures and power cuts breaks a law", () => {
  fc.assert(
    fc.property(benches, alarmLife(60), (options, commands) => {
      const bench = alarmBench(options);
      for (const command of commands) command(bench);
    }),
    { numRuns: 150 },
  );
});

test("whatever has happened, once receivers answer everything is accepted", () => {
  fc.assert(
    fc.property(benches, alarmLife(60), (options, commands) => {
      const bench = alarmBench(options);
      for (const command of commands) command(bench);
      bench.far = answering(() => 0);
      bench.run(11 * 60_000);
      expect(bench.state.reports.filter((report) => report.facts.kind === "user-alarm" && isPending(report))).toEqual(
        [],
      );
      expect(allAccepted(bench)).toBe(true);
    }),
    { numRuns: 80 },
  );
});

test("while nobody answers, rounds go on for ever", () => {
  fc.assert(
    fc.property(benches, (options) => {
      const bench = alarmBench(options);
      const number = bench.press(0, 1);
      for (let hour = 0; hour < 48; hour++) {
        const round = bench.report(number)?.round ?? 0;
        bench.clear();
        bench.run(3_600_000);
        expect(bench.report(number)?.round).toBeGreaterThanOrEqual(round + 6);
      }
    }),
    { numRuns: 10 },
  );
});
