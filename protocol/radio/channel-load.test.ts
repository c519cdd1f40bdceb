import fc from "fast-check";
import { expect, test } from "vitest";
import type { ChannelLoad } from "./channel-load.ts";
import { busyAboveMs, judgeChannel, quietBelowMs, quietChannel } from "./channel-load.ts";

const minuteMs = 60_000;

test("more than 30 s within 60 s is interference, told once, and over below 10 s of 60, told once", () => {
  const events: (readonly [number, string])[] = [];
  let load = quietChannel;
  const span = (fromMs: number, toMs: number): void => {
    const verdict = judgeChannel(load, fromMs, toMs);
    load = verdict.load;
    if (verdict.event !== undefined) events.push([toMs, verdict.event]);
  };
  span(100_000, 130_000);
  expect(events).toEqual([]);
  span(130_000, 130_001);
  span(130_001, 140_000);
  expect(events).toEqual([[130_001, "interference"]]);
  for (let nowMs = 140_000; nowMs <= 300_000; nowMs += 5_000) span(nowMs, nowMs);
  expect(events).toEqual([
    [130_001, "interference"],
    [195_000, "restored"],
  ]);
});

test("one span of any length is judged as it ends, and a jammer that stays is told of once", () => {
  const verdict = judgeChannel(quietChannel, 1_000, 10_000_000);
  expect(verdict.event).toBe("interference");
  expect(verdict.load.busyMs.length).toBe(13);
  expect(judgeChannel(verdict.load, 10_000_000, 10_060_000).event).toBe(undefined);
  expect(judgeChannel(verdict.load, 11_000_000, 11_000_000).event).toBe("restored");
});

test("over 30 s in any minute is never missed, 30 s in 65 s never told, and the memory never grows", () => {
  const anySpans = fc.array(fc.tuple(fc.nat(20_000), fc.nat(9_000)), { maxLength: 60, size: "max" });
  fc.assert(
    fc.property(anySpans, (gaps) => {
      let load: ChannelLoad = quietChannel;
      const spans: (readonly [number, number])[] = [];
      let nowMs = 0;
      const busyIn = (windowMs: number): number =>
        spans.reduce((sum, [from, to]) => sum + Math.max(0, to - Math.max(from, nowMs - windowMs)), 0);
      for (const [gapMs, lengthMs] of gaps) {
        const fromMs = nowMs + gapMs;
        nowMs = fromMs + lengthMs;
        spans.push([fromMs, nowMs]);
        const before = load.interfered;
        const verdict = judgeChannel(load, fromMs, nowMs);
        load = verdict.load;
        expect(load.busyMs.length).toBe(13);
        if (busyIn(minuteMs) > busyAboveMs) expect(load.interfered).toBe(true);
        if (!before && busyIn(minuteMs + 5_000) <= busyAboveMs) expect(load.interfered).toBe(false);
        if (busyIn(minuteMs + 5_000) < quietBelowMs) expect(load.interfered).toBe(false);
        expect(verdict.event === undefined).toBe(before === load.interfered);
      }
    }),
    { numRuns: 300 },
  );
});
