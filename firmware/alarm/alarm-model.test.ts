/** The machine beside a model of what people expect: one state of one alarm for one state of the other, step by step. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { alarmBench } from "./arbitraries.ts";
import { isPending, type Report } from "./report.ts";
import { type AlarmBench, answering } from "./test-bench.ts";
import { AlarmModel } from "./test-model.ts";

type Both = { readonly model: AlarmModel; readonly bench: AlarmBench };

/** A step of both; its text is what a counterexample shows. */
interface Step {
  readonly text: string;
  readonly take: (both: Both) => void;
}

function step(text: string, take: (both: Both) => void): Step {
  return { text, take };
}

const listen = answering(() => 0);

const button = fc.nat(2).map((bond) =>
  step(`button ${bond}`, ({ model, bench }) => {
    model.pressed(bench.nowMs, `button ${bond}`);
    bench.press(bond, bench.newName());
  }),
);
const fall = fc.nat(2).map((bond) =>
  step(`fall ${bond}`, ({ model, bench }) => {
    model.pressed(bench.nowMs, `fall ${bond}`);
    bench.press(bond, bench.newName(), { reason: "fall" });
  }),
);
const key = fc.nat(1).map((which) =>
  step(`key ${which}`, ({ model, bench }) => {
    model.pressed(bench.nowMs, `key ${which}`);
    bench.key(which);
  }),
);
const cancel = fc.nat(2).map((bond) =>
  step(`cancel ${bond}`, ({ model, bench }) => {
    model.cancelled(bond);
    bench.press(bond, bench.newName(), { reason: "cancel" });
  }),
);
const wait = fc.constantFrom(1, 999, 10_000, 60_000, 119_999, 120_000).map((ms) =>
  step(`wait ${ms}`, ({ bench }) => {
    bench.run(ms);
  }),
);
const other = fc.constantFrom(
  step("cancel key", ({ model, bench }) => {
    model.keyCancelled();
    bench.cancelKey();
  }),
  step("restart", ({ model, bench }) => {
    model.restarted(bench.nowMs);
    bench.restart();
  }),
  step("nobody listens", ({ model, bench }) => {
    model.listens(bench.nowMs, false);
    bench.far = undefined;
  }),
  step("all listen again", ({ model, bench }) => {
    const heardMs = bench.nowMs;
    model.listens(heardMs, true);
    bench.far = listen;
    bench.pathBack();
    // The next round is up to five seconds away: two minutes later nothing depends on when it was.
    bench.run(130_000);
  }),
);

function seriesOf({ facts }: Report): string {
  if (facts.bond < 0) return `key ${facts.origin.dco - 2}`;
  return `${facts.dty === 5 ? "fall" : "button"} ${facts.bond}`;
}

function stateOf(report: Report): string {
  if (report.at === "delayed") return "delayed";
  return isPending(report) ? "calling" : report.at === "open" ? "open" : "over";
}

function seen(bench: AlarmBench): string[] {
  return bench.state.reports.map((report) => `${seriesOf(report)}: ${stateOf(report)}, ${report.pressCount}`);
}

test("machine and model agree on every alarm, whoever presses, cancels, falls or restarts", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(0, 10_000),
      fc.constantFrom(0, 20_000),
      fc.array(
        fc.oneof(
          { weight: 4, arbitrary: button },
          fall,
          key,
          cancel,
          { weight: 4, arbitrary: wait },
          {
            weight: 2,
            arbitrary: other,
          },
        ),
        { maxLength: 25 },
      ),
      (preAlarmMs, fallDelayMs, steps) => {
        const bench = alarmBench({ preAlarmMs, fallDelayMs });
        const model = new AlarmModel(preAlarmMs, fallDelayMs);
        bench.far = listen;
        for (const each of steps) {
          // With nobody listening a further press on an accepted alarm would become one of its own: see the laws.
          if (!model.listening && each.text.charAt(0) !== "w" && model.alarms.some(({ at }) => at === "open")) continue;
          each.take({ model, bench });
          bench.run(0);
          model.pass(bench.nowMs);
          expect([each.text, seen(bench)]).toEqual([
            each.text,
            model.alarms.map(({ series, at, presses }) => `${series}: ${at}, ${presses}`),
          ]);
        }
      },
    ),
    { numRuns: 400 },
  );
});
