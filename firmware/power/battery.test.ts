/** The battery's four faults, each told once and taken back, and the load test that costs little and hurries nobody. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type BatteryEvent, batteryAtStart, stepBattery } from "./battery-machine.ts";
import { Power } from "./power.ts";
import { powerDefaults } from "./power-settings.ts";
import { Bench, dayMs, hourMs, minuteMs, SupplyStandIn } from "./test-bench.ts";

function home(): { bench: Bench; supply: SupplyStandIn; power: Power } {
  const bench = new Bench();
  const supply = new SupplyStandIn();
  const power = new Power(bench.context, powerDefaults, supply.open, () => {});
  bench.pass(hourMs);
  return { bench, supply, power };
}

test("a low battery is told after five minutes' confirmation, and good again once it is charged", () => {
  const { bench, supply, power } = home();
  supply.mv = 3_600;
  power.check();
  bench.pass(5 * minuteMs - 1);
  expect(bench.codes).toEqual([]);
  bench.pass(1);
  expect(bench.raised[0]).toMatchObject({ dty: 41, stc: 16 });
  expect(power.condition.low).toBe(true);
  expect(bench.said).toEqual(["battery-low"]);
  supply.mv = 3_700;
  bench.pass(12 * hourMs);
  expect(bench.codes).toEqual([16]);
  supply.mv = 3_740;
  bench.pass(3 * hourMs);
  expect(bench.raised[1]).toMatchObject({ dty: 41, stc: 15, restores: 16 });
  expect(bench.codes).toHaveLength(2);
});

test("a voltage that dips for a moment is not a low battery", () => {
  const { bench, supply, power } = home();
  supply.mv = 3_500;
  power.check();
  bench.pass(minuteMs);
  supply.mv = 4_000;
  bench.pass(2 * dayMs);
  expect(bench.codes).toEqual([]);
});

test("a battery that is out for half an hour is told as disconnected, and back when it is in again", () => {
  const { bench, supply, power } = home();
  expect(power.batteryIsMissing).toBe(false);
  supply.plug(false);
  expect(power.batteryIsMissing).toBe(true);
  bench.pass(30 * minuteMs - 1);
  expect(bench.codes).toEqual([]);
  bench.pass(1);
  const readings = supply.readings;
  bench.pass(3 * dayMs);
  expect(supply.readings).toBe(readings);
  supply.plug(true);
  bench.pass(minuteMs);
  expect(bench.raised).toMatchObject([
    { dty: 41, stc: 31, restores: -1 },
    { dty: 41, stc: 91, restores: 31 },
  ]);
});

test("an old battery is told of once, and a new one takes it back and dates the change", () => {
  const { bench, power } = home();
  bench.setWall();
  bench.pass(1_094 * dayMs);
  expect(bench.codes).not.toContain(65);
  bench.pass(5 * dayMs);
  expect(bench.raised).toMatchObject([{ dty: 41, stc: 65 }]);
  bench.pass(30 * dayMs);
  power.batteryReplaced();
  expect(bench.raised[1]).toMatchObject({ dty: 41, stc: 20, restores: 65 });
  expect(power.forecast()).toEqual([{ bond: -1, days: 1_095 }]);
  bench.pass(30 * dayMs);
  expect(bench.raised).toHaveLength(2);
});

test("a battery that breaks down under load has failed, until a later test is passed", () => {
  const { bench, supply } = home();
  supply.loadedMv = 3_449;
  bench.pass(9 * dayMs);
  expect(bench.raised).toMatchObject([{ dty: 41, stc: 14, stt: "3449 mV under load" }]);
  bench.pass(8 * dayMs);
  expect(bench.raised).toHaveLength(1);
  supply.loadedMv = 3_450;
  bench.pass(8 * dayMs);
  expect(bench.raised[1]).toMatchObject({ dty: 41, stc: 48, restores: 14 });
  expect(supply.loaded).toBe(false);
});

test.each([
  ["an alarm", (h: ReturnType<typeof home>) => h.power.busy(true), (h: ReturnType<typeof home>) => h.power.busy(false)],
  [
    "a power cut",
    (h: ReturnType<typeof home>) => h.supply.mains(false),
    (h: ReturnType<typeof home>) => h.supply.mains(true),
  ],
])("%s ends a load test at once, none begins meanwhile, and it is made up for", (_what, begin, end) => {
  const h = home();
  while (!h.supply.loaded) h.bench.pass(minuteMs);
  begin(h);
  expect(h.supply.loaded).toBe(false);
  h.bench.pass(3 * dayMs);
  expect(h.supply.loads).toBe(1);
  end(h);
  h.bench.pass(3 * dayMs);
  expect(h.supply.loads).toBe(2);
  expect(h.supply.loaded).toBe(false);
});

test("no load test is begun on a battery that is not well charged", () => {
  const { bench, supply } = home();
  supply.mv = 3_840;
  bench.pass(20 * dayMs);
  expect(supply.loads).toBe(0);
  supply.mv = 3_860;
  bench.pass(2 * dayMs);
  expect(supply.loads).toBe(1);
});

test("what was told of a battery outlives a restart", () => {
  const bench = new Bench();
  const supply = new SupplyStandIn();
  const start = () => new Power(bench.context, powerDefaults, supply.open, () => {});
  start();
  supply.mv = 3_500;
  bench.pass(hourMs);
  bench.newLife();
  start();
  bench.pass(hourMs);
  expect(bench.codes).toEqual([16]);
  supply.mv = 4_000;
  bench.pass(dayMs * 2);
  expect(bench.codes).toEqual([16, 15]);
});

test("faults and their ends take turns, the load is never on without mains or in an alarm, and no wake-up comes at once again", () => {
  const anyEvent = fc.oneof(
    fc.record({ type: fc.constant("mains" as const), present: fc.boolean() }),
    fc.record({ type: fc.constant("connected" as const), connected: fc.boolean() }),
    fc.record({ type: fc.constant("busy" as const), busy: fc.boolean() }),
    fc.record({
      type: fc.constant("read" as const),
      wallS: fc.constantFrom(-1, 2_000_000_000),
      mv: fc.integer({ min: 3_300, max: 4_200 }),
      permille: fc.nat(1_000),
    }),
    fc.record({ type: fc.constant("replaced" as const), wallS: fc.constantFrom(-1, 2_000_000_000) }),
    fc.record({ type: fc.constant("due" as const) }),
    fc.record({ type: fc.constant("asked" as const) }),
  );
  const pairs: readonly (readonly [number, number])[] = [
    [16, 15],
    [14, 48],
  ];
  fc.assert(
    fc.property(fc.array(fc.tuple(anyEvent, fc.nat(2 * hourMs)), { maxLength: 120 }), (events) => {
      let state = batteryAtStart;
      let nowMs = 0;
      let loaded = false;
      const open = new Map<number, boolean>();
      for (const [event, pauseMs] of events) {
        nowMs += pauseMs;
        Object.freeze(state);
        const next = stepBattery({ ...powerDefaults, checksPerTest: 2 }, state, { ...event, nowMs } as BatteryEvent);
        state = next.state;
        for (const effect of next.effects) {
          if (effect.type === "load") loaded = effect.on;
          if (effect.type === "wake" && event.type === "due") expect(effect.atMs).toBeGreaterThan(nowMs);
          if (effect.type !== "tell") continue;
          for (const [lost, back] of pairs) {
            if (effect.stc !== lost && effect.stc !== back) continue;
            expect(open.get(lost) ?? false).toBe(effect.stc === back);
            open.set(lost, effect.stc === lost);
          }
        }
        if (loaded) expect(state.mains && state.connected && !state.busy).toBe(true);
        expect(loaded).toBe(state.test !== "none");
      }
    }),
  );
});
