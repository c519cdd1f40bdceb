import fc from "fast-check";
import { expect, test } from "vitest";
import { MessagesPlay } from "./test-messages.ts";

const anyLineHeard = fc.oneof(
  fc.integer({ min: 0, max: 40 }).map((index) => '+CMTI: "SM",' + index),
  fc.constantFrom(
    "+CMGR: 0,,23",
    "+CMGL: 3,0,,23",
    "+CMT: ,23",
    "+CDS: 23",
    '+QIND: "smsfull","SM"',
    "RING",
    "00FF",
    "x",
  ),
  fc.constant("07916407000000F0040B916407214365F700006230200000630004D4F0780D"),
);
const anyMove = fc.oneof(
  fc.record({ move: fc.constant("begin" as const) }),
  fc.record({ move: fc.constant("end" as const) }),
  fc.record({ move: fc.constant("order" as const), forMs: fc.integer({ min: 0, max: 600_000 }) }),
  fc.record({ move: fc.constant("take" as const), ok: fc.boolean(), error: fc.constantFrom(0, 8, 38, 500) }),
  fc.record({ move: fc.constant("silent" as const) }),
  fc.record({ move: fc.constant("hear" as const), line: anyLineHeard }),
  fc.record({ move: fc.constant("pass" as const), ms: fc.integer({ min: 0, max: 120_000 }) }),
);

test("in any life each order is told of once, no bound is passed, and a good line comes to rest", () => {
  fc.assert(
    fc.property(fc.array(anyMove, { maxLength: 80 }), (moves) => {
      const play = new MessagesPlay();
      let orders = 0;
      for (const move of moves) {
        if (move.move === "begin") play.begin();
        else if (move.move === "end") play.feed({ type: "ended", nowMs: play.nowMs });
        else if (move.move === "order") play.order(++orders, move.forMs);
        else if (move.move === "hear") play.hear(move.line);
        else if (move.move === "pass") play.pass(move.ms);
        else if (play.take() !== undefined) {
          if (move.move === "take") play.answer(move.ok, move.error);
          else play.feed({ type: "unanswered", nowMs: play.nowMs });
        }
      }
      play.feed({ type: "ended", nowMs: play.nowMs });
      play.begin();
      let turns = 0;
      for (let passed = 0; passed < 1_200_000; passed += 5_000) {
        while (play.take() !== undefined && turns++ < 500) play.answer(true);
        play.pass(5_000);
      }
      expect(turns).toBeLessThan(500);
      expect(play.state.outbox).toEqual([]);
      const ids = play.told.filter((one) => /^(sent|refused|in-vain) /.test(one)).map((one) => one.split(" ")[1]);
      expect(ids.length).toBe(orders);
      expect(new Set(ids).size).toBe(orders);
    }),
  );
});
