import fc from "fast-check";
import { expect, test } from "vitest";
import type { ReportEffect, ReportSettings, ReportState } from "./report-machine.ts";
import { isLow, reportAtStart, stepReport } from "./report-machine.ts";

const hourMs = 3_600_000;
const settings: ReportSettings = {
  checkInMs: 8 * hourMs,
  lowBatteryMv: 2_600,
  goodBatteryMv: 2_760,
  reserveBatteryMv: 2_400,
};

/** A button whose waits end at once, under a battery that the test sets. */
class Play {
  state: ReportState = reportAtStart;
  nowMs = 0;
  counter = 1;
  batteryMv = 3_000;
  readonly sent: { readonly kind: string; readonly low: boolean; readonly counter: number }[] = [];
  wait: Extract<ReportEffect, { readonly type: "wait" }> = { type: "wait", leastMs: 10_000, mostMs: 60_000 };

  step(busy = false): void {
    this.nowMs += this.wait.mostMs;
    this.take({
      type: "waited",
      nowMs: this.nowMs,
      counter: this.counter,
      room: "free",
      batteryMv: this.batteryMv,
      busy,
    });
  }

  answer(name: number): void {
    this.take({ type: "told", nowMs: this.nowMs, name, batteryMv: this.batteryMv });
  }

  private take(event: Parameters<typeof stepReport>[2]): void {
    const next = stepReport(settings, this.state, event);
    this.state = next.state;
    for (const effect of next.effects) {
      if (effect.type === "send-report") {
        expect(effect.counter).toBe(this.counter++);
        this.sent.push(effect);
      }
      if (effect.type === "wait") this.wait = effect;
    }
  }
}

test("a report is tried three times, each under a counter of its own, then it rests until the next is due", () => {
  const play = new Play();
  for (let i = 0; i < 4; i++) play.step();
  expect(play.sent.map((report) => report.counter)).toEqual([1, 2, 3]);
  expect(play.wait).toEqual({ type: "wait", leastMs: 25_920_000, mostMs: 31_680_000 });
});

test("the first report says that the button started, until a unit has heard it", () => {
  const play = new Play();
  for (let i = 0; i < 5; i++) play.step();
  expect(play.sent[3]?.kind).toBe("started");
  play.answer(4);
  expect(play.wait.leastMs).toBe(25_920_000);
  play.step();
  expect(play.sent[4]?.kind).toBe("check-in");
});

test("an answer to something else ends nothing", () => {
  const play = new Play();
  play.step();
  play.answer(77);
  expect(play.state.at).toBe("telling");
});

test("low is told when it begins and again each day, and good again only with hysteresis", () => {
  const play = new Play();
  const kinds: string[] = [];
  const report = (batteryMv: number): void => {
    play.batteryMv = batteryMv;
    play.step();
    const sent = play.sent[play.sent.length - 1] as { kind: string; low: boolean; counter: number };
    kinds.push(sent.kind + (sent.low ? " low" : ""));
    play.answer(sent.counter);
  };
  for (const batteryMv of [3_000, 2_590, 2_700, 2_700, 2_700, 2_759, 2_760, 2_700]) report(batteryMv);
  expect(kinds).toEqual([
    "started",
    "battery-low low",
    "check-in low",
    "check-in low",
    "battery-low low",
    "check-in low",
    "battery-ok",
    "check-in",
  ]);
});

test("a low battery is low until it has clearly recovered, from any reading to any other", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.nat(5_100), (was, batteryMv) => {
      const now = isLow(was, batteryMv, settings);
      if (batteryMv < 2_600) expect(now).toBe(true);
      else if (batteryMv >= 2_760) expect(now).toBe(false);
      else expect(now).toBe(was);
    }),
  );
});

test("below the reserve, and after seven days without a unit, one report a day must do", () => {
  const spare = new Play();
  spare.batteryMv = 2_300;
  spare.step();
  spare.answer(1);
  expect(spare.wait).toEqual({ type: "wait", leastMs: 77_760_000, mostMs: 86_400_000 });
  const lonely = new Play();
  while (lonely.nowMs < 7 * 24 * hourMs) lonely.step();
  while (lonely.state.at === "telling") lonely.step();
  expect(lonely.wait.leastMs).toBe(77_760_000);
  lonely.step();
  lonely.answer(lonely.counter - 1);
  expect(lonely.wait.leastMs).toBe(25_920_000);
});

test("a press under way comes first: the report waits ten minutes or more", () => {
  const play = new Play();
  play.step(true);
  expect(play.sent).toEqual([]);
  expect(play.wait).toEqual({ type: "wait", leastMs: 600_000, mostMs: 900_000 });
});
