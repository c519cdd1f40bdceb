import fc from "fast-check";
import { expect, test } from "vitest";
import { chargePermille, lithiumCoin, lithiumIon } from "../../firmware/power/charge.ts";
import { Battery, type BatteryMake, backupBattery, coinCell, voltageOf } from "./battery.ts";

const hourMs = 3_600_000;

function batteryAt(make: BatteryMake = backupBattery): { battery: Battery; pass: (ms: number) => void } {
  let nowMs = 0;
  const battery = new Battery(() => nowMs, make);
  return {
    battery,
    pass: (ms) => {
      nowMs += ms;
    },
  };
}

test("the firmware reads from the voltage at rest what the battery holds, within what a millivolt tells", () => {
  for (const curve of [lithiumIon, lithiumCoin]) {
    let lastMv = 0;
    for (let permille = 0; permille <= 1_000; permille++) {
      const mv = voltageOf(curve, permille);
      expect(mv).toBeGreaterThanOrEqual(lastMv);
      lastMv = mv;
      const read = chargePermille(curve, mv);
      expect(read).toBeLessThanOrEqual(permille);
      expect(chargePermille(curve, mv + 1)).toBeGreaterThanOrEqual(permille === 1_000 ? 1_000 : permille);
    }
  }
});

test("how often somebody looks changes nothing", () => {
  const anyLife = fc.array(fc.record({ ms: fc.nat(10 * hourMs), ua: fc.integer({ min: -500_000, max: 500_000 }) }));
  fc.assert(
    fc.property(anyLife, fc.nat(20), (life, looks) => {
      const seldom = batteryAt();
      const often = batteryAt();
      for (const { ms, ua } of life) {
        seldom.battery.draw(ua);
        often.battery.draw(ua);
        seldom.pass(ms);
        for (let i = 0; i < looks; i++) {
          often.pass(Math.floor(ms / (looks + 1)));
          often.battery.permille();
        }
        often.pass(ms - looks * Math.floor(ms / (looks + 1)));
      }
      expect(often.battery.millivolts(0)).toBe(seldom.battery.millivolts(0));
      expect(often.battery.flatInMs()).toBe(seldom.battery.flatInMs());
    }),
  );
});

test("it is flat at the instant that was worked out, and not a millisecond sooner", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 600_000 }), (permille, ua) => {
      const { battery, pass } = batteryAt();
      battery.setCharge(permille);
      battery.draw(ua);
      const inMs = battery.flatInMs() as number;
      fc.pre(inMs > 0);
      pass(inMs - 1);
      expect(battery.isFlat(ua)).toBe(false);
      pass(1);
      expect(battery.isFlat(ua)).toBe(true);
      expect(battery.flatInMs()).toBe(0);
    }),
  );
});

test("a new backup battery carries a standby of 36 mA for three days, and never more than it holds", () => {
  const { battery, pass } = batteryAt();
  battery.draw(36_000);
  expect(Math.floor((battery.flatInMs() as number) / hourMs)).toBe(72);
  pass(36 * hourMs);
  expect(battery.permille()).toBe(501);
  battery.draw(-500_000);
  pass(100 * hourMs);
  expect(battery.permille()).toBe(1_000);
  expect(battery.flatInMs()).toBeUndefined();
  battery.draw(600_000);
  pass(100 * hourMs);
  expect(battery.permille()).toBe(0);
});

test("what is spent at once is gone, down to nothing", () => {
  const { battery } = batteryAt(coinCell);
  battery.spend(220 * hourMs * 500);
  expect(battery.permille()).toBe(500);
  battery.spend(220 * hourMs * 600);
  expect(battery.permille()).toBe(0);
  expect(battery.millivolts(0)).toBe(2_200);
});

test("a worn battery holds less, and gives way under a load that a new one carries", () => {
  const { battery } = batteryAt();
  battery.draw(36_000);
  const freshMs = battery.flatInMs() as number;
  expect(battery.millivolts(300_000)).toBe(4_170 - 36);
  battery.wear({ capacityPermille: 500, resistanceMohm: 2_880 });
  expect(battery.permille()).toBe(1_000);
  expect(battery.flatInMs()).toBeLessThan(freshMs / 2);
  expect(battery.millivolts(300_000)).toBe(4_170 - 900);
  battery.setCharge(300);
  expect(battery.isFlat(0)).toBe(false);
  expect(battery.isFlat(300_000)).toBe(true);
});
