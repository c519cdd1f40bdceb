import fc from "fast-check";
import { expect, test } from "vitest";
import type { AirRoom } from "../radio-ledger.ts";
import type { ButtonEffect, ButtonEvent, ButtonState } from "./button-machine.ts";
import { buttonAtStart, stepButton } from "./button-machine.ts";

type Sent = Extract<ButtonEffect, { readonly type: "send-press" }>;

/** Plays the machine against a clock of its own: waits end where `draw` (0 to 1,000 per mille) puts them. */
class Play {
  state: ButtonState = buttonAtStart;
  nowMs = 1_000;
  counter = 1;
  room: AirRoom = "free";
  dueMs: number | undefined;
  readonly presses: (Sent & { readonly atMs: number })[] = [];
  readonly polls: { readonly atMs: number; readonly name: number }[] = [];
  readonly signals: string[] = [];
  readonly kept: number[] = [];
  private readonly draw: () => number;

  constructor(draw: () => number) {
    this.draw = draw;
  }

  give(event: ButtonEvent): void {
    const next = stepButton(this.state, event);
    this.state = next.state;
    for (const effect of next.effects) this.perform(effect);
  }

  press(): void {
    this.give({ type: "pressed", reason: "call", nowMs: this.nowMs, counter: this.counter, room: this.room });
  }

  tell(name: number, step: "received" | "accepted" | "closed"): void {
    this.give({ type: "told", name, step, nowMs: this.nowMs });
  }

  /** Lets time pass, and ends each wait at its instant. */
  runUntil(atMs: number): void {
    while (this.dueMs !== undefined && this.dueMs <= atMs) {
      this.nowMs = this.dueMs;
      this.dueMs = undefined;
      this.give({ type: "waited", nowMs: this.nowMs, counter: this.counter, room: this.room });
    }
    this.nowMs = atMs;
  }

  private perform(effect: ButtonEffect): void {
    if (effect.type === "send-press") {
      this.use(effect.counter);
      this.presses.push({ ...effect, atMs: this.nowMs });
    }
    if (effect.type === "send-status-request") {
      this.use(effect.counter);
      this.polls.push({ atMs: this.nowMs, name: effect.name });
    }
    if (effect.type === "show") this.signals.push(effect.signal);
    if (effect.type === "keep-press") this.kept.push(effect.name);
    if (effect.type === "sleep") this.dueMs = undefined;
    if (effect.type === "wait") {
      expect(effect.mostMs).toBeGreaterThanOrEqual(effect.leastMs);
      this.dueMs = this.nowMs + effect.leastMs + Math.floor(((effect.mostMs - effect.leastMs) * this.draw()) / 1000);
    }
  }

  private use(counter: number): void {
    if (counter === this.counter) this.counter++;
    else expect(counter).toBeLessThan(this.counter);
  }
}

const anyDraws = fc.infiniteStream(fc.integer({ min: 0, max: 1000 }));

function playWith(draws: fc.Stream<number>): Play {
  return new Play(() => draws.next().value as number);
}

test("an unheard press goes out eight times in the first minute, no two copies closer than 0.45 s, each gap within 20 %", () => {
  const gaps = [500, 600, 900, 4_000, 9_000, 15_000, 25_000];
  fc.assert(
    fc.property(anyDraws, (draws) => {
      const play = playWith(draws);
      play.press();
      play.runUntil(61_000);
      expect(play.presses.length).toBe(8);
      for (let i = 1; i < 8; i++) {
        const gap =
          (play.presses[i] as Sent & { atMs: number }).atMs - (play.presses[i - 1] as Sent & { atMs: number }).atMs;
        const nominal = gaps[i - 1] as number;
        expect(gap).toBeGreaterThanOrEqual(Math.max(450, nominal * 0.8));
        expect(gap).toBeLessThanOrEqual(nominal * 1.2);
      }
    }),
  );
});

test("after the first minute one copy goes out each 35-50 s; at ten minutes the button gives up, and the press still rides along", () => {
  fc.assert(
    fc.property(anyDraws, (draws) => {
      const play = playWith(draws);
      play.press();
      play.runUntil(601_000);
      const slow = play.presses.slice(8);
      expect(slow.length).toBeGreaterThanOrEqual(10);
      for (let i = 1; i < slow.length; i++) {
        const gap = (slow[i] as Sent & { atMs: number }).atMs - (slow[i - 1] as Sent & { atMs: number }).atMs;
        expect(gap).toBeGreaterThanOrEqual(34_999);
        expect(gap).toBeLessThanOrEqual(50_000);
      }
      expect(play.signals).toEqual(["sent", "given-up"]);
      const before = play.presses.length;
      play.runUntil(601_000 + 3 * 660_000);
      expect(play.presses.length).toBeGreaterThanOrEqual(before + 3);
      const last = play.presses[play.presses.length - 1] as Sent & { atMs: number };
      expect(last.ageS).toBe(Math.floor((last.atMs - 1_000) / 1000));
      play.tell(last.name, "received");
      expect(play.signals).toEqual(["sent", "given-up", "received"]);
    }),
  );
});

test("a counter stands for one content: equal counters are equal frames, and a new age takes the next counter", () => {
  fc.assert(
    fc.property(anyDraws, fc.array(fc.nat(40_000), { maxLength: 8 }), (draws, pauses) => {
      const play = playWith(draws);
      play.press();
      for (const pauseMs of pauses) {
        play.runUntil(play.nowMs + pauseMs);
        play.press();
      }
      play.runUntil(play.nowMs + 700_000);
      const seen = new Map<number, string>();
      for (const sent of play.presses) {
        const content = JSON.stringify([sent.name, sent.ageS, sent.presses, sent.reason]);
        expect(seen.get(sent.counter) ?? content).toBe(content);
        seen.set(sent.counter, content);
        expect(sent.name).toBeLessThanOrEqual(sent.counter);
        expect(sent.counter - sent.name).toBeLessThanOrEqual(0xffff);
      }
      expect(new Set(seen.values()).size).toBe(seen.size);
    }),
  );
});

test("one press keeps one name through all its copies: the counter of its first frame", () => {
  fc.assert(
    fc.property(anyDraws, fc.integer({ min: 1, max: 0xfffff000 }), (draws, first) => {
      const play = playWith(draws);
      play.counter = first;
      play.press();
      play.runUntil(2_000_000);
      expect(new Set(play.presses.map((sent) => sent.name))).toEqual(new Set([first]));
    }),
  );
});

test("a press inside a running series joins it: newest name, counted, oldest age, and the first four copies once more", () => {
  const play = new Play(() => 500);
  play.press();
  play.runUntil(13_000);
  expect(play.presses.length).toBe(5);
  play.press();
  const joined = play.presses[5] as Sent;
  expect(joined).toMatchObject({ presses: 2, ageS: 12, name: joined.counter });
  play.runUntil(16_000);
  expect(play.presses.length).toBe(9);
  play.runUntil(25_500);
  expect(play.presses.map((sent) => sent.atMs).slice(9)).toEqual([13_000 + 2_025 + 9_000]);
  play.tell((play.presses[0] as Sent).name, "received");
  expect(play.signals).toEqual(["sent", "sent"]);
  play.tell(joined.name, "received");
  expect(play.signals).toEqual(["sent", "sent", "received"]);
});

test("after the acknowledge it asks at 2, 4, 7, 11, 16, 25, 40, 60 s, then each minute to ten, then each ten minutes", () => {
  const play = new Play(() => 500);
  play.press();
  const name = (play.presses[0] as Sent).name;
  play.nowMs = 1_300;
  play.tell(name, "received");
  play.runUntil(1_300 + 3_600_000);
  const expected = [
    2, 4, 7, 11, 16, 25, 40, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 1200, 1800, 2400, 3000, 3600,
  ];
  expect(play.polls.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const poll = play.polls[i] as { atMs: number; name: number };
    expect(poll.name).toBe(name);
    expect(Math.abs(poll.atMs - 1_300 - (expected[i] as number) * 1000)).toBeLessThanOrEqual(1);
  }
  play.tell(name, "accepted");
  expect(play.signals).toEqual(["sent", "received", "accepted"]);
  expect(play.dueMs).toBe(undefined);
});

test("polls keep to their instants within 5 % of their gap and never drift", () => {
  fc.assert(
    fc.property(anyDraws, (draws) => {
      const play = playWith(draws);
      play.press();
      play.tell(1, "received");
      play.runUntil(1_000 + 660_000);
      expect(play.polls.length).toBe(17);
      expect(Math.abs((play.polls[16] as { atMs: number }).atMs - 601_000)).toBeLessThanOrEqual(3_000);
    }),
  );
});

const anyStep = fc.constantFrom("received" as const, "accepted" as const, "closed" as const);
const anyRoom = fc.constantFrom<AirRoom>("free", "thin", "reserve", "none");
const anyAct = fc.oneof(
  fc.record({ act: fc.constant("press" as const) }),
  fc.record({ act: fc.constant("wait" as const), ms: fc.nat(900_000) }),
  fc.record({ act: fc.constant("tell" as const), back: fc.nat(5), step: anyStep }),
  fc.record({ act: fc.constant("room" as const), room: anyRoom }),
);

test("'accepted' and 'received' are shown only on word of the newest press's very name, whatever happens", () => {
  fc.assert(
    fc.property(anyDraws, fc.array(anyAct, { maxLength: 40 }), (draws, acts) => {
      const play = playWith(draws);
      for (const act of acts) {
        const shownBefore = play.signals.length;
        const newest = play.presses[play.presses.length - 1]?.name ?? 0;
        const before = play.state;
        if (act.act === "press") play.press();
        if (act.act === "wait") play.runUntil(play.nowMs + act.ms);
        if (act.act === "room") play.room = act.room;
        if (act.act === "tell") play.tell(Math.max(0, newest - act.back), act.step);
        const shown = play.signals.slice(shownBefore);
        if (act.act !== "tell") {
          expect(shown).not.toContain("accepted");
          expect(shown).not.toContain("received");
        } else if (shown.length > 0) {
          expect(act.back).toBe(0);
          expect(shown).toEqual([act.step]);
          expect(before.at === "quiet").toBe(false);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("a press that is neither acknowledged nor given up always has a wait under way, and nothing waits when all is quiet", () => {
  fc.assert(
    fc.property(anyDraws, fc.array(anyAct, { maxLength: 40 }), (draws, acts) => {
      const play = playWith(draws);
      for (const act of acts) {
        if (act.act === "press") play.press();
        if (act.act === "wait") play.runUntil(play.nowMs + act.ms);
        if (act.act === "room") play.room = act.room;
        if (act.act === "tell") play.tell((play.presses[play.presses.length - 1]?.name ?? 0) - act.back, act.step);
        expect(play.dueMs === undefined).toBe(play.state.at === "quiet");
      }
    }),
  );
});

test("where the channel is spent nothing is sent, and the first four copies are not used up by it", () => {
  const play = new Play(() => 0);
  play.room = "none";
  play.press();
  play.runUntil(120_000);
  expect(play.presses).toEqual([]);
  play.room = "reserve";
  play.runUntil(300_000);
  expect(play.presses.length).toBe(4);
  play.room = "free";
  play.runUntil(400_000);
  expect(play.presses.length).toBeGreaterThan(6);
});

test("where air time runs short slow copies come four times as rarely, and every second poll is left out", () => {
  const play = new Play(() => 0);
  play.press();
  play.runUntil(60_000);
  expect(play.presses.length).toBe(8);
  play.room = "thin";
  play.runUntil(500_000);
  expect(play.presses.length).toBeLessThanOrEqual(8 + 4);
  play.tell(1, "received");
  play.runUntil(play.nowMs + 60_000);
  expect(play.polls.length).toBe(4);
});

test("without a counter nothing is sent, and the press goes out as soon as there is one", () => {
  const play = new Play(() => 0);
  play.give({ type: "pressed", reason: "call", nowMs: play.nowMs, counter: 0, room: "free" });
  expect(play.presses).toEqual([]);
  expect(play.signals).toEqual(["sent"]);
  play.runUntil(40_000);
  expect(play.presses[0]).toMatchObject({ presses: 1, ageS: 35, name: 1 });
});

test("presses are counted up to 255 and across an acknowledge, until one is accepted", () => {
  const play = new Play(() => 0);
  for (let i = 0; i < 300; i++) {
    play.press();
    play.nowMs += 400;
  }
  expect(play.presses[play.presses.length - 1]).toMatchObject({ presses: 255 });
  const again = new Play(() => 0);
  again.press();
  again.tell(1, "received");
  again.press();
  expect(again.presses[1]).toMatchObject({ presses: 2, ageS: 0 });
  again.tell((again.presses[1] as Sent).name, "accepted");
  again.press();
  expect(again.presses[2]).toMatchObject({ presses: 1 });
});

test("a press that a restart left over goes on under its name, slowly; one too old to be named by distance takes a new name", () => {
  const play = new Play(() => 0);
  play.counter = 100;
  play.give({ type: "found-unheard", name: 40, presses: 3, reason: "call", nowMs: play.nowMs });
  expect(play.presses).toEqual([]);
  play.runUntil(36_001);
  expect(play.presses[0]).toMatchObject({ name: 40, counter: 100, presses: 3 });
  const far = new Play(() => 0);
  far.counter = 70_000;
  far.give({ type: "found-unheard", name: 40, presses: 1, reason: "call", nowMs: far.nowMs });
  far.runUntil(36_001);
  expect(far.presses[0]).toMatchObject({ name: 70_000, counter: 70_000 });
  expect(far.kept).toEqual([70_000]);
});
