/** The room grows cold: told once, held, not in the first hour, at most once a day, and taken back with hysteresis. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { OpenThermometer } from "../ports/thermometer.ts";
import { Bench, dayMs, hourMs, minuteMs } from "../power/test-bench.ts";
import { RoomTemperature } from "./room-temperature.ts";
import { stepTemperature, temperatureAtStart } from "./temperature-machine.ts";

const settings = { coldDeciC: 150, warmDeciC: 300 };

/** Calls back once when a border of the last watch is passed. */
class Room {
  deciC = 210;
  looks = 0;
  readonly open: OpenThermometer;
  private check: () => void = () => {};

  constructor(bench: Bench) {
    this.open = (options) => {
      let armed = false;
      let below = 0;
      let above = 0;
      this.check = () => {
        if (!armed || (this.deciC >= below && this.deciC <= above)) return;
        armed = false;
        bench.context.clock.after(0, options.onPassed);
      };
      return {
        deciC: () => {
          this.looks++;
          return this.deciC;
        },
        watch: (belowDeciC, aboveDeciC) => {
          armed = true;
          below = belowDeciC;
          above = aboveDeciC;
          this.check();
        },
        close: () => {
          armed = false;
        },
      };
    };
  }

  becomes(deciC: number): void {
    this.deciC = deciC;
    this.check();
  }
}

function live(bench: Bench): Room {
  const room = new Room(bench);
  new RoomTemperature(bench.context, settings, room.open);
  return room;
}

test("cold is told after it has held for a minute, and normal again one degree above the border", () => {
  const bench = new Bench();
  const room = live(bench);
  bench.pass(2 * hourMs);
  room.becomes(149);
  bench.pass(minuteMs - 1);
  expect(bench.raised).toEqual([]);
  bench.pass(1);
  expect(bench.raised).toMatchObject([{ dty: 20, stc: 101, stt: "14.9 C" }]);
  room.becomes(159);
  bench.pass(hourMs);
  expect(bench.codes).toEqual([101]);
  room.becomes(160);
  bench.pass(minuteMs);
  expect(bench.raised[1]).toMatchObject({ dty: 20, stc: 70, restores: 101, stt: "16.0 C" });
});

test("a warm room is told of likewise", () => {
  const bench = new Bench();
  const room = live(bench);
  bench.pass(hourMs);
  room.becomes(301);
  bench.pass(2 * minuteMs);
  room.becomes(291);
  bench.pass(2 * minuteMs);
  expect(bench.codes).toEqual([100]);
  room.becomes(290);
  bench.pass(2 * minuteMs);
  expect(bench.codes).toEqual([100, 70]);
});

test("an open window for half a minute is not a cold room", () => {
  const bench = new Bench();
  const room = live(bench);
  bench.pass(hourMs);
  room.becomes(120);
  bench.pass(30_000);
  room.becomes(200);
  bench.pass(dayMs);
  expect(bench.raised).toEqual([]);
});

test("a unit that is brought in from the cold says nothing in its first hour, and the truth after it", () => {
  const bench = new Bench();
  const room = live(bench);
  room.becomes(-53);
  bench.pass(hourMs);
  expect(bench.raised).toEqual([]);
  bench.pass(minuteMs);
  expect(bench.raised[0]?.stt).toBe("-5.3 C");
  const other = new Bench();
  const mild = live(other);
  mild.becomes(-53);
  other.pass(30 * minuteMs);
  mild.becomes(200);
  other.pass(dayMs);
  expect(other.raised).toEqual([]);
});

test("cold is told at most once in 24 hours, and at their end when it is cold again by then", () => {
  const bench = new Bench();
  const room = live(bench);
  bench.pass(hourMs);
  for (let i = 0; i < 20; i++) {
    room.becomes(140);
    bench.pass(10 * minuteMs);
    room.becomes(200);
    bench.pass(10 * minuteMs);
  }
  room.becomes(140);
  expect(bench.codes).toEqual([101, 70]);
  bench.pass(dayMs);
  expect(bench.codes).toEqual([101, 70, 101]);
  expect((bench.raised[2]?.atMs ?? 0) - (bench.raised[0]?.atMs ?? 0)).toBe(dayMs);
});

test("a room that stays as it is wakes nobody", () => {
  const bench = new Bench();
  const room = live(bench);
  bench.pass(2 * hourMs);
  const before = bench.wakeUps;
  const looks = room.looks;
  bench.pass(30 * dayMs);
  expect(bench.wakeUps).toBe(before);
  expect(room.looks).toBe(looks);
});

test("what was told before a restart is taken back after it", () => {
  const bench = new Bench();
  live(bench).becomes(100);
  bench.pass(2 * hourMs);
  bench.newLife();
  live(bench);
  bench.pass(3 * hourMs);
  expect(bench.codes).toEqual([101, 70]);
});

test("told and taken back take turns, and each kind comes at most once in 24 hours, in any weather", () => {
  const anyWeather = fc.array(fc.record({ deciC: fc.integer({ min: 100, max: 350 }), pauseMin: fc.nat(300) }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(anyWeather, (weather) => {
      const bench = new Bench();
      const room = live(bench);
      for (const turn of weather) {
        room.becomes(turn.deciC);
        bench.pass(turn.pauseMin * minuteMs);
      }
      const last = new Map<number, number>();
      bench.raised.forEach((order, i) => {
        expect(order.stc === 70).toBe(i % 2 === 1);
        if (order.stc === 70) return;
        expect(order.atMs - (last.get(order.stc) ?? -dayMs)).toBeGreaterThanOrEqual(dayMs);
        last.set(order.stc, order.atMs);
      });
      bench.pass(2 * dayMs);
      const expected = room.deciC < 150 ? 101 : room.deciC > 300 ? 100 : undefined;
      if (expected !== undefined) expect(bench.codes.at(-1)).toBe(expected);
      else if (room.deciC >= 160 && room.deciC < 290) expect(bench.codes.length % 2).toBe(0);
    }),
  );
});

test("a look in the first hour says nothing, and one between the borders of the hysteresis changes nothing", () => {
  const early = stepTemperature(settings, temperatureAtStart, { type: "looked", nowMs: hourMs - 1, deciC: 50 });
  expect(early).toEqual({ state: temperatureAtStart, effects: [{ type: "wake", atMs: hourMs }] });
  const cold = { ...temperatureAtStart, zone: "cold", candidate: "cold", told: "cold" } as const;
  const between = stepTemperature(settings, cold, { type: "looked", nowMs: 2 * hourMs, deciC: 159 });
  expect(between.state).toEqual(cold);
  const warm = { ...temperatureAtStart, zone: "warm", candidate: "warm", told: "warm" } as const;
  expect(stepTemperature(settings, warm, { type: "looked", nowMs: 2 * hourMs, deciC: 291 }).state).toEqual(warm);
});
