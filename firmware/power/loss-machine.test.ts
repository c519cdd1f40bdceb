import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type LossEffect,
  type LossEvent,
  type LossState,
  type LossTimes,
  nothingLost,
  stepLoss,
} from "./loss-machine.ts";

const times: LossTimes = { tellAfterMs: 900, settleMs: 10, stableMs: 300 };

/** Plays levels at their instants, waking the machine when it asks for it. */
class Play {
  state: LossState = nothingLost;
  nowMs = 0;
  wakeMs = -1;
  readonly told: string[] = [];
  kept = false;

  level(atMs: number, lost: boolean): void {
    this.runTo(atMs);
    this.take({ type: "level", nowMs: atMs, lost });
  }

  runTo(atMs: number): void {
    for (let turns = 0; this.wakeMs >= 0 && this.wakeMs <= atMs; turns++) {
      expect(turns).toBeLessThan(5);
      const nowMs = Math.max(this.wakeMs, this.nowMs);
      this.wakeMs = -1;
      this.nowMs = nowMs;
      this.take({ type: "due", nowMs });
      expect(this.wakeMs === -1 || this.wakeMs > nowMs).toBe(true);
    }
    this.nowMs = atMs;
  }

  take(event: LossEvent): void {
    Object.freeze(this.state);
    const next = stepLoss(times, this.state, event);
    this.state = next.state;
    for (const effect of next.effects) this.perform(effect, event.nowMs);
  }

  private perform(effect: LossEffect, nowMs: number): void {
    if (effect.type === "wake") this.wakeMs = effect.atMs;
    else if (effect.type === "keep") this.kept = effect.told;
    else this.told.push(`${effect.type} ${nowMs}`);
  }
}

test("a loss is told when it has lasted, its end when that is stable", () => {
  const play = new Play();
  play.level(100, true);
  play.level(2_000, false);
  play.runTo(5_000);
  expect(play.told).toEqual(["tell-lost 1000", "tell-back 2300"]);
});

test("what comes back in time is never told of", () => {
  const play = new Play();
  play.level(100, true);
  play.level(900, false);
  play.runTo(5_000);
  expect(play.told).toEqual([]);
  expect(play.state.at).toBe("present");
});

test("what flickers is one loss, counted from its first instant, and over only when it is stable", () => {
  const play = new Play();
  for (let atMs = 0; atMs < 3_000; atMs += 200) {
    play.level(atMs, true);
    play.level(atMs + 100, false);
  }
  play.runTo(9_000);
  expect(play.told).toEqual(["tell-lost 900", "tell-back 3200"]);
});

test("nothing is told of a level that has not settled", () => {
  const play = new Play();
  play.level(0, true);
  play.level(800, false);
  play.level(995, true);
  play.runTo(1_004);
  expect(play.told).toEqual([]);
  play.runTo(1_005);
  expect(play.told).toEqual(["tell-lost 1005"]);
});

test("after a restart an end that was owed is told, and a loss that was told is not told again", () => {
  const play = new Play();
  play.take({ type: "restored", nowMs: 0, lost: false, told: true });
  play.runTo(1_000);
  expect(play.told).toEqual(["tell-back 300"]);
  const other = new Play();
  other.take({ type: "restored", nowMs: 0, lost: true, told: true });
  other.runTo(5_000);
  expect(other.told).toEqual([]);
  expect(other.wakeMs).toBe(-1);
});

test("losses and ends take turns, each is kept, and in the end what was told is what is", () => {
  const anyLevels = fc.array(fc.record({ pauseMs: fc.nat(1_500), lost: fc.boolean() }), { maxLength: 40 });
  fc.assert(
    fc.property(anyLevels, (levels) => {
      const play = new Play();
      let lost = false;
      for (const level of levels) {
        play.level(play.nowMs + level.pauseMs, level.lost);
        lost = level.lost;
        expect(play.kept).toBe(play.state.told);
      }
      play.runTo(play.nowMs + 2_000);
      expect(play.state.at).toBe(lost ? "lost" : "present");
      expect(play.told.map((line) => line.split(" ")[0])).toEqual(
        play.told.map((_, i) => (i % 2 === 0 ? "tell-lost" : "tell-back")),
      );
      expect(play.told.length % 2 === 1).toBe(lost);
      expect(play.wakeMs).toBe(-1);
    }),
  );
});
