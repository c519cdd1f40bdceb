import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type RegistrationEvent,
  type RegistrationState,
  startRegistration,
  stepRegistration,
  usualExpiresS,
} from "./registration-machine.ts";

/** Time by hand; each step answers what was done, in short. */
class Play {
  state: RegistrationState;
  nowMs = 0;
  wakeMs = -1;

  constructor(dice = 5) {
    this.state = startRegistration(dice);
  }

  step(event: RegistrationEvent): string[] {
    Object.freeze(this.state);
    const next = stepRegistration(this.state, event);
    this.state = next.state;
    const done: string[] = [];
    for (const effect of next.effects) {
      if (effect.type === "wake") this.wakeMs = effect.atMs;
      else done.push(effect.type === "register" ? `register ${effect.expiresS}` : effect.type);
    }
    return done;
  }

  want(urgent = false): string[] {
    return this.step({ type: "wanted", nowMs: this.nowMs, urgent });
  }

  link(up: boolean): string[] {
    return this.step({ type: "linked", nowMs: this.nowMs, up });
  }

  keep(on: boolean): string[] {
    return this.step({ type: "kept", nowMs: this.nowMs, on });
  }

  bound(expiresS = usualExpiresS, isStale = false): string[] {
    return this.step({ type: "bound", nowMs: this.nowMs, expiresS, isStale });
  }

  refused(retryAfterS?: number): string[] {
    return this.step({ type: "refused", nowMs: this.nowMs, retryAfterS });
  }

  at(nowMs: number): string[] {
    this.nowMs = nowMs;
    return this.step({ type: "due", nowMs });
  }

  /** What the machine does by itself up to that instant, each with its own. */
  run(untilMs: number): string[] {
    const done: string[] = [];
    while (this.wakeMs > this.nowMs && this.wakeMs <= untilMs) {
      const atMs = this.wakeMs;
      for (const what of this.at(atMs)) done.push(`${atMs} ${what}`);
    }
    this.nowMs = untilMs;
    return done;
  }
}

/** On a route that is active, and bound for ten minutes at 0. */
function active(): Play {
  const play = new Play();
  play.link(true);
  play.want();
  play.bound();
  play.keep(true);
  play.want();
  play.run(5_000);
  play.nowMs = 5_000;
  play.bound();
  return play;
}

test("the active route registers within five seconds of its link, any other one not before it is used", () => {
  for (const on of [true, false]) {
    const play = new Play();
    play.keep(on);
    expect(play.link(true)).toEqual([]);
    const done = play.run(5_000);
    expect(done).toEqual(on ? [expect.stringMatching(/register 600$/)] : []);
  }
});

test("a message waits for the binding, and goes out when it stands", () => {
  const play = new Play();
  play.link(true);
  expect(play.want()).toEqual(["register 600"]);
  expect(play.want()).toEqual([]);
  expect(play.bound()).toEqual(["took-over", "release"]);
  expect(play.want()).toEqual(["release"]);
  expect(play.wakeMs).toBe(600_000);
});

test("no message waits longer than two seconds, and a refusal releases it at once", () => {
  const play = new Play();
  play.link(true);
  play.want();
  play.nowMs = 500;
  play.want();
  expect(play.wakeMs).toBe(2_000);
  expect(play.at(1_999)).toEqual([]);
  expect(play.at(2_000)).toEqual(["release"]);
  expect(play.bound()).toEqual(["took-over", "release"]);
  const other = new Play();
  other.link(true);
  other.want();
  expect(other.refused()).toEqual(["release"]);
});

test("an alarm goes out right behind the REGISTER and takes with it what waited, also during a pause after a failure", () => {
  const play = new Play();
  play.link(true);
  expect(play.want(true)).toEqual(["register 600", "release"]);
  play.refused();
  expect(play.want(false)).toEqual(["release"]);
  expect(play.want(true)).toEqual(["register 600", "release"]);
  expect(play.want(false)).toEqual([]);
  expect(play.want(true)).toEqual(["release"]);
});

test("without a link nothing is asked for and nothing waits", () => {
  const play = new Play();
  play.keep(true);
  expect(play.want()).toEqual(["release"]);
  expect(play.run(600_000)).toEqual([]);
  play.link(true);
  play.want();
  expect(play.link(false)).toEqual(["release"]);
  expect([play.state.at, play.bound()]).toEqual(["unbound", []]);
});

test("the active route renews at about half the granted time, with room for a second try", () => {
  const play = active();
  const [renewed] = play.run(305_000);
  expect(renewed).toMatch(/ register 600$/);
  expect(Number(renewed?.split(" ")[0])).toBeGreaterThanOrEqual(5_000 + 270_000);
  play.refused();
  expect(play.want()).toEqual(["release"]);
  expect(play.state).toMatchObject({ at: "bound", newest: true });
  expect(play.run(330_000)).toEqual([expect.stringMatching(/ register 600$/)]);
});

test("a route that is not active lets its binding run out", () => {
  const play = active();
  play.keep(false);
  expect(play.run(604_999)).toEqual([]);
  expect(play.want()).toEqual(["release"]);
  expect(play.run(605_000)).toEqual([]);
  expect(play.want()).toEqual(["register 600"]);
});

test("a binding that another route has overtaken is renewed before a message, and the active route takes it back by itself after 15 s", () => {
  const play = active();
  play.step({ type: "overtaken", nowMs: play.nowMs });
  expect(play.run(19_999)).toEqual([]);
  expect(play.run(20_000)).toEqual(["20000 register 600"]);
  play.bound();
  play.step({ type: "overtaken", nowMs: play.nowMs });
  expect(play.want()).toEqual(["register 600"]);
});

test("what names a connection that is gone is renewed at once, and no message relies on it", () => {
  const play = active();
  expect(play.step({ type: "moved", nowMs: 5_000 })).toEqual([]);
  expect(play.wakeMs).toBe(5_000);
  expect(play.at(5_000)).toEqual(["register 600"]);
});

test("a connection that goes while a REGISTER is on its way voids the older binding, and a new REGISTER follows its answer at once", () => {
  const play = active();
  play.run(305_000);
  expect(play.state.at).toBe("asking");
  expect(play.step({ type: "moved", nowMs: play.nowMs })).toEqual([]);
  expect(play.want()).toEqual([]);
  play.nowMs += 1_000;
  expect(play.bound(usualExpiresS, true)).toEqual(["register 600"]);
  expect(play.bound()).toEqual(["took-over", "release"]);
  play.nowMs += 1_000;
  play.step({ type: "moved", nowMs: play.nowMs });
  play.want();
  expect(play.refused()).toEqual(["release"]);
  expect(play.state.at).toBe("unbound");
});

test("a message waits no longer than two seconds, also where its REGISTER is repeated for another connection", () => {
  const play = new Play();
  play.link(true);
  play.want();
  play.nowMs = 1_500;
  expect(play.bound(usualExpiresS, true)).toEqual(["register 600"]);
  expect(play.run(2_000)).toEqual(["2000 release"]);
});

test("423: the longer time is asked for at once, and a second one in a row is a refusal", () => {
  const play = new Play();
  play.link(true);
  play.want();
  expect(play.step({ type: "too-brief", nowMs: 0, leastS: 1_800 })).toEqual(["register 1800"]);
  expect(play.step({ type: "too-brief", nowMs: 0, leastS: 3_600 })).toEqual(["release"]);
  expect(play.want(true)).toEqual(["register 1800", "release"]);
  play.bound(1_800);
  play.step({ type: "overtaken", nowMs: 0 });
  play.want();
  expect(play.step({ type: "too-brief", nowMs: 0, leastS: 7_200 })).toEqual(["register 7200"]);
  expect(play.step({ type: "too-brief", nowMs: 0, leastS: 86_401 })).toEqual(["release"]);
});

test("a 200 that grants nothing is a refusal", () => {
  const play = new Play();
  play.link(true);
  play.want();
  expect(play.bound(0)).toEqual(["release"]);
  expect(play.state).toMatchObject({ at: "unbound", failures: 1 });
});

test("pauses after failures double up to ten minutes, are drawn shorter by up to half, and obey Retry-After up to an hour", () => {
  const play = new Play();
  play.keep(true);
  play.link(true);
  play.run(5_000);
  for (const mostMs of [10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 600_000, 600_000]) {
    play.refused();
    const pauseMs = play.state.nextMs - play.nowMs;
    expect(pauseMs).toBeLessThanOrEqual(mostMs);
    expect(pauseMs).toBeGreaterThanOrEqual(mostMs / 2);
    expect(play.run(play.state.nextMs)).toHaveLength(1);
  }
  play.refused(1_800);
  expect(play.state.nextMs - play.nowMs).toBe(1_800_000);
  expect(play.want()).toEqual(["release"]);
  play.run(play.state.nextMs);
  play.refused(86_400);
  expect(play.state.nextMs - play.nowMs).toBe(3_600_000);
});

test("whatever happens, no message waits beyond two seconds, and a REGISTER is never sent while one is under way", () => {
  const event = fc.oneof(
    fc.record({ type: fc.constant("wanted" as const), urgent: fc.boolean(), afterMs: fc.nat(3_000) }),
    fc.record({
      type: fc.constant("bound" as const),
      expiresS: fc.nat(700),
      isStale: fc.boolean(),
      afterMs: fc.nat(3_000),
    }),
    fc.record({ type: fc.constant("too-brief" as const), leastS: fc.nat(90_000), afterMs: fc.nat(3_000) }),
    fc.record({ type: fc.constant("refused" as const), retryAfterS: fc.nat(90), afterMs: fc.nat(32_000) }),
    fc.record({ type: fc.constant("kept" as const), on: fc.boolean(), afterMs: fc.nat(1_000) }),
    fc.record({ type: fc.constant("linked" as const), up: fc.boolean(), afterMs: fc.nat(1_000) }),
    fc.record({ type: fc.constantFrom("overtaken" as const, "moved" as const), afterMs: fc.nat(400_000) }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 50 }), fc.integer({ min: 1 }), (events, dice) => {
      const play = new Play(dice);
      let waitsMs = -1;
      const check = (nowMs: number, wasAsking: boolean, isNew: boolean, done: readonly string[]): void => {
        const registers = done.filter((what) => what.startsWith("register")).length;
        expect(registers).toBeLessThanOrEqual(wasAsking && !isNew ? 0 : 1);
        if (done.includes("release")) waitsMs = -1;
        if (waitsMs >= 0) expect(nowMs - waitsMs).toBeLessThan(2_000);
      };
      for (const each of events) {
        const untilMs = play.nowMs + each.afterMs;
        while (play.wakeMs > play.nowMs && play.wakeMs <= untilMs) {
          const wasAsking = play.state.at === "asking";
          check(play.wakeMs, wasAsking, false, play.at(play.wakeMs));
        }
        play.nowMs = untilMs;
        const wasAsking = play.state.at === "asking";
        const done = play.step({ ...each, nowMs: untilMs });
        if (each.type === "wanted" && waitsMs < 0) waitsMs = untilMs;
        const isEnd = each.type === "too-brief" || each.type === "bound";
        check(untilMs, wasAsking, isEnd, done);
        if (each.type === "moved") expect(play.state.newest).toBe(false);
        if (play.state.newest) expect(play.state.untilMs).toBeGreaterThan(0);
      }
    }),
  );
});
