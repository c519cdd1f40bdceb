import fc from "fast-check";
import { expect, test } from "vitest";
import type { Move } from "./arbitraries.ts";
import { anyMove, make, plan, powered, roamingPlan } from "./arbitraries.ts";

test("whatever comes, one exchange runs at a time, and every wait has an end", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(anyMove, { maxLength: 120 }), (canPower, moves) => {
      const play = powered(canPower ? roamingPlan : plan);
      for (const move of moves) make(play, move);
    }),
    { numRuns: 500 },
  );
});

test("whatever came before, a good modem is ready again within four minutes", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(anyMove, { maxLength: 80 }), (canPower, moves) => {
      const play = powered(canPower ? roamingPlan : plan);
      for (const move of moves) make(play, move);
      // A SIM that was refused waits for people or for an ordered restart.
      play.feed({ type: "ordered", step: "reset" });
      const from = play.nowMs;
      play.goReady();
      expect(play.nowMs - from).toBeLessThanOrEqual(240_000);
    }),
    { numRuns: 500 },
  );
});

test("whatever a modem does again and again, it is not told more than 1,500 commands an hour", () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.array(
        // Doubts are the sockets' own, whose waits grow.
        anyMove.filter((one) => ["order", "offer", "calm", "doubt"].indexOf(one.move) < 0),
        { minLength: 1, maxLength: 30 },
      ),
      (canPower, circle) => {
        const play = powered(canPower ? roamingPlan : plan);
        let turn = 0;
        for (; play.nowMs < 3_600_000 && turn < 30_000; turn++) {
          make(play, circle[turn % circle.length] as Move);
          // Each answer takes 20 ms; news and idle turns 1 s, so that the hour passes.
          play.nowMs += play.inFlight === "" ? 1_000 : 20;
          if (play.calmDueMs >= 0 && play.nowMs >= play.calmDueMs) {
            play.calmDueMs = -1;
            play.feed({ type: "calmed" });
          }
        }
        expect(play.asked.length).toBeLessThanOrEqual(1_500);
      },
    ),
    { numRuns: 150 },
  );
});
