import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { CallEnd } from "../ports/voice.ts";
import { allowed, fallback, stranger, VoiceBench } from "./test-bench.ts";
import { tryLimit } from "./voice-state.ts";

type Act =
  | { readonly type: "grant"; readonly number: number; readonly mre: number; readonly cre: number }
  | {
      readonly type: "alarms";
      readonly waiting: readonly number[];
      readonly isNew: boolean;
      readonly answerInMs: number;
    }
  | { readonly type: "ring"; readonly from: string }
  | { readonly type: "answered" }
  | { readonly type: "ended"; readonly reason: CallEnd }
  | { readonly type: "key"; readonly key: string }
  | { readonly type: "run"; readonly ms: number };

const number = fc.integer({ min: 1, max: 4 });
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    type: fc.constant("grant" as const),
    number,
    mre: fc.integer({ min: 0, max: 4 }),
    cre: fc.constantFrom(1, 5, 60, 61, 62),
  }),
  fc.record({
    type: fc.constant("alarms" as const),
    waiting: fc.uniqueArray(number, { maxLength: 2 }),
    isNew: fc.boolean(),
    answerInMs: fc.constantFrom(-1, 0, 10_000),
  }),
  fc.record({ type: fc.constant("ring" as const), from: fc.constantFrom("", allowed, stranger) }),
  fc.constant({ type: "answered" as const }),
  fc.record({
    type: fc.constant("ended" as const),
    reason: fc.constantFrom<CallEnd>("over", "silent", "lost", "busy", "no-answer", "failed"),
  }),
  fc.record({ type: fc.constant("key" as const), key: fc.constantFrom("0", "0", "5", "#") }),
  fc.record({ type: fc.constant("run" as const), ms: fc.constantFrom(1, 4_999, 10_000, 60_000, 90_000, 600_000) }),
);

/** What a caller may expect, from the standard's words alone. */
class Model {
  grantedMs = -1;
  /** The machine's own word: that it opens, lasts and is renewed is shown by examples. */
  windowMs = -1;

  mayCome(from: string, nowMs: number): boolean {
    return nowMs < this.grantedMs || (from === allowed && nowMs < this.windowMs);
  }
}

function play(bench: VoiceBench, model: Model, each: Act): void {
  const nowMs = bench.nowMs;
  switch (each.type) {
    case "grant":
      bench.grant(each.number, { mre: each.mre, cre: each.cre });
      if (each.mre >= 1 && each.mre <= 3 && each.cre <= 60)
        model.grantedMs = Math.max(model.grantedMs, nowMs + each.cre * 60_000);
      return;
    case "alarms":
      bench.alarmsAre({
        waiting: each.waiting,
        answerMs: each.answerInMs < 0 ? -1 : nowMs + each.answerInMs,
        ...(each.isNew ? { newestMs: nowMs } : {}),
      });
      return;
    case "ring": {
      if (bench.line !== "free") return;
      model.windowMs = bench.state.windowMs;
      const may = model.mayCome(each.from, nowMs);
      const before = bench.orders("answer").length;
      bench.ring(each.from);
      expect(bench.orders("answer").length - before).toBe(may ? 1 : 0);
      return;
    }
    case "answered":
      bench.answered();
      return;
    case "ended":
      bench.ended(each.reason);
      return;
    case "key":
      bench.key(each.key);
      return;
    case "run":
      bench.run(each.ms);
  }
}

test("whatever happens there is one call at a time, none without its tone, and only callers who may are answered", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
      const bench = new VoiceBench({});
      const model = new Model();
      for (const each of acts) play(bench, model, each);
    }),
    { numRuns: 600 },
  );
});

test("when nothing more happens every session ends, and no alarm stays held open", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 20 }), (acts) => {
      const bench = new VoiceBench({ fallback: [] });
      const model = new Model();
      for (const each of acts) play(bench, model, each);
      bench.run(2 * 3_600_000);
      expect([bench.state.at, bench.line, bench.held]).toEqual(["quiet", "free", []]);
    }),
    { numRuns: 200 },
  );
});

test("a session dials at most five times, and fallback calls for one alarm are ten minutes apart", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(act, fc.integer({ min: 0, max: 100_000 })), { maxLength: 25 }), (acts) => {
      const bench = new VoiceBench({});
      bench.alarmsAre({ waiting: [9], newestMs: bench.nowMs });
      for (const [each, ms] of acts) {
        if (each.type === "grant" || each.type === "alarms" || each.type === "ring") continue;
        play(bench, new Model(), each);
        bench.run(ms);
      }
      bench.run(2 * 3_600_000);
      const calls = bench.orders("dial");
      expect(calls.length).toBeGreaterThan(1);
      for (let i = 1; i < calls.length; i++) {
        expect(calls[i]?.effect.number).toBe(fallback.number);
        expect((calls[i]?.atMs ?? 0) - (calls[i - 1]?.atMs ?? 0)).toBeGreaterThanOrEqual(600_000);
      }
      const other = new VoiceBench({ fallback: [] });
      other.grant(1, {});
      for (const [each, ms] of acts) {
        if (each.type === "grant" || each.type === "alarms" || each.type === "ring") continue;
        play(other, new Model(), each);
        other.run(ms);
      }
      expect(other.orders("dial").length).toBeLessThanOrEqual(tryLimit);
    }),
    { numRuns: 200 },
  );
});
