/** Mains and battery as the unit lives through them: what is shown, said and told, and when. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Power } from "./power.ts";
import { type PowerSettings, powerDefaults } from "./power-settings.ts";
import { Bench, Cut, dayMs, hourMs, minuteMs, SupplyStandIn } from "./test-bench.ts";

class Home {
  readonly bench = new Bench();
  supply = new SupplyStandIn();
  readonly wifi: boolean[] = [];
  readonly settings: PowerSettings;
  power: Power;

  constructor(changes: Partial<PowerSettings> = {}, supply: Partial<SupplyStandIn> = {}) {
    this.settings = { ...powerDefaults, ...changes };
    Object.assign(this.supply, supply);
    this.power = this.start();
  }

  start(): Power {
    this.power = new Power(this.bench.context, this.settings, this.supply.open, (rest) => this.wifi.push(rest));
    return this.power;
  }

  /** A new life after `darkMs`; with power all the time where `dark` is false. */
  restart(darkMs: number, dark: boolean): void {
    const old = this.supply;
    this.supply = Object.assign(new SupplyStandIn(), { mainsAtStart: old.mainsAtStart, mv: old.mv, coldStart: dark });
    this.bench.newLife(darkMs);
    this.start();
  }

  codesSince(count: number): number[] {
    return this.bench.codes.slice(count);
  }
}

test("a power cut is shown and said within ten seconds, told after a quarter of an hour with a spread", () => {
  const home = new Home();
  home.supply.mains(false);
  home.bench.pass(4_999);
  expect(home.supply.lamp).toBe(true);
  home.bench.pass(1);
  expect(home.supply.lamp).toBe(false);
  expect(home.bench.said).toEqual(["mains-lost"]);
  home.bench.pass(15 * minuteMs - 5_001);
  expect(home.bench.codes).toEqual([]);
  home.bench.pass(1);
  expect(home.bench.raised[0]).toMatchObject({ dty: 2, stc: 85, spreadMs: 600_000, kind: "technical", restores: -1 });
  expect(home.power.cutIsTold).toBe(true);
});

test("its end is told after five stable minutes, and a short return does not count", () => {
  const home = new Home();
  home.supply.mains(false);
  home.bench.pass(20 * minuteMs);
  home.supply.mains(true);
  home.bench.pass(4 * minuteMs);
  home.supply.mains(false);
  home.bench.pass(minuteMs);
  home.supply.mains(true);
  home.bench.pass(5 * minuteMs - 1);
  expect(home.bench.codes).toEqual([85]);
  home.bench.pass(1);
  expect(home.bench.raised[1]).toMatchObject({ dty: 2, stc: 86, restores: 85, spreadMs: 600_000 });
  expect(home.bench.said).toEqual(["mains-lost", "mains-back"]);
  expect(home.supply.lamp).toBe(true);
});

test("a unit that starts without mains counts from its start, and a loss told before a restart is not told again", () => {
  const home = new Home({}, { mainsAtStart: false });
  expect(home.supply.lamp).toBe(false);
  home.bench.pass(15 * minuteMs);
  expect(home.bench.codes).toEqual([85]);
  home.restart(0, false);
  home.bench.pass(hourMs);
  expect(home.bench.codes).toEqual([85]);
  home.restart(0, false);
  home.supply.mains(true);
  home.bench.pass(hourMs);
  expect(home.bench.codes).toEqual([85, 86]);
  home.restart(0, false);
  home.bench.pass(hourMs);
  expect(home.bench.codes).toEqual([85, 86]);
});

test("a flickering mains fills neither the ears, nor the receivers, nor the flash", () => {
  const home = new Home();
  home.bench.setWall();
  home.bench.pass(hourMs);
  const writes = home.bench.context.records.counters.writes;
  for (let i = 0; i < 500; i++) {
    home.supply.mains(i % 2 === 1);
    home.bench.pass(12_000);
  }
  home.bench.pass(hourMs);
  expect(home.bench.said).toEqual(["mains-lost", "mains-back"]);
  expect(home.bench.codes).toEqual([85, 86]);
  expect(home.bench.context.records.counters.writes - writes).toBeLessThan(120);
});

test("in a long power cut the hours left are told in steps, last words come before the end, and the gap after it", () => {
  const home = new Home();
  home.bench.setWall();
  home.supply.mains(false);
  for (let hour = 0; hour < 71; hour++) {
    home.supply.mv = 4_170 - Math.floor((870 * hour) / 72);
    home.bench.pass(hourMs);
  }
  const texts = home.bench.raised.filter((order) => order.stc === 11).map((order) => order.stt);
  expect(texts.length).toBeGreaterThanOrEqual(4);
  for (const text of texts) expect(text).toMatch(/^battery for (\d+|under 1) h$/);
  const codes = home.bench.codes;
  expect(codes).toContain(16);
  const last = home.bench.raised.filter((order) => order.stc === 97);
  expect(last).toHaveLength(1);
  expect(last[0]).toMatchObject({ dty: 2, spreadMs: 0 });
  home.supply.mainsAtStart = true;
  home.supply.mv = 4_000;
  home.restart(10 * hourMs, true);
  home.bench.pass(minuteMs);
  expect(home.bench.raised.filter((order) => order.stc === 91)).toHaveLength(0);
  home.bench.setWall();
  home.power.clockSet();
  home.power.clockSet();
  const gap = home.bench.raised.filter((order) => order.stc === 91);
  expect(gap).toHaveLength(1);
  const minutes = Number(gap[0]?.stt.slice("gap up to ".length, -" min".length));
  expect(minutes).toBeGreaterThanOrEqual(601);
  expect(minutes).toBeLessThanOrEqual(612);
});

test("a gap that no clock measures is told as unknown after a day, and one before it is not forgotten", () => {
  const home = new Home();
  home.bench.pass(hourMs);
  home.restart(hourMs, true);
  expect(home.bench.raised.map((order) => order.stt)).toEqual(["gap, length unknown"]);
  home.bench.setWall();
  home.power.clockSet();
  home.restart(2 * hourMs, true);
  home.restart(3 * hourMs, true);
  home.bench.setWall();
  home.power.clockSet();
  expect(home.bench.raised[1]?.stt).toBe("gap up to 300 min");
  home.restart(hourMs, true);
  home.bench.pass(25 * hourMs);
  expect(home.bench.raised[2]?.stt).toBe("gap, length unknown");
});

test("a restart with power is no gap, and neither is the first start of all", () => {
  const home = new Home({}, { coldStart: true });
  home.bench.setWall();
  home.power.clockSet();
  home.restart(minuteMs, false);
  home.bench.setWall();
  home.power.clockSet();
  home.bench.pass(26 * hourMs);
  expect(home.bench.raised).toEqual([]);
});

test("an idle unit on mains wakes at most once a day for its power, twice on the day of a load test", () => {
  const home = new Home();
  home.bench.pass(hourMs);
  const wakeUps: number[] = [];
  for (let day = 0; day < 28; day++) {
    const before = home.bench.wakeUps;
    home.bench.pass(dayMs);
    wakeUps.push(home.bench.wakeUps - before);
  }
  expect(Math.max(...wakeUps)).toBe(2);
  expect(wakeUps.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(28);
  expect(home.supply.loads).toBeGreaterThanOrEqual(3);
  expect(home.supply.loads).toBeLessThanOrEqual(4);
  expect(home.bench.raised).toEqual([]);
});

test("a unit whose self-check reads the battery each day wakes for its power only to end a load test", () => {
  const home = new Home();
  home.bench.pass(hourMs);
  const before = home.bench.wakeUps;
  for (let day = 0; day < 28; day++) {
    home.power.check();
    home.bench.pass(dayMs);
  }
  expect(home.bench.wakeUps - before).toBeLessThanOrEqual(5);
  expect(home.supply.readings).toBeGreaterThanOrEqual(28);
  expect(home.supply.loads).toBeGreaterThanOrEqual(3);
});

test("the Wi-Fi rests on battery only, and only while the mobile route is proven and nobody needs help", () => {
  const home = new Home({ wifiMayRest: true });
  home.power.mobileRoute(true);
  expect(home.wifi).toEqual([]);
  home.supply.mains(false);
  expect(home.wifi).toEqual([]);
  home.bench.pass(6_000);
  expect(home.wifi).toEqual([true]);
  home.power.mobileRoute(false);
  expect(home.wifi).toEqual([true, false]);
  home.power.mobileRoute(true);
  home.power.busy(true);
  expect(home.wifi).toEqual([true, false, true, false]);
  home.power.busy(false);
  home.supply.mains(true);
  home.bench.pass(6_000);
  expect(home.wifi).toEqual([true, false, true, false, true, false]);
});

test("the Wi-Fi never rests while the mobile route is not proven, through any turns", () => {
  const anyTurn = fc.constantFrom("cut", "back", "proven", "lost", "busy", "calm", "pass");
  fc.assert(
    fc.property(fc.array(anyTurn, { maxLength: 60 }), (turns) => {
      const home = new Home({ wifiMayRest: true });
      let proven = false;
      for (const turn of turns) {
        if (turn === "cut" || turn === "back") home.supply.mains(turn === "back");
        else if (turn === "proven" || turn === "lost") {
          proven = turn === "proven";
          home.power.mobileRoute(proven);
        } else if (turn === "pass") home.bench.pass(7_000);
        else home.power.busy(turn === "busy");
        if (home.wifi.at(-1) === true) expect(proven).toBe(true);
      }
    }),
  );
});

test("wherever the power goes, a told power cut is told at least once and its end follows", () => {
  for (let acts = 0; acts < 40; acts++) {
    const home = new Home();
    home.bench.setWall();
    home.bench.actsLeft = acts;
    try {
      home.supply.mains(false);
      home.bench.pass(hourMs);
    } catch (thrown) {
      if (!(thrown instanceof Cut)) throw thrown;
      home.restart(minuteMs, true);
      home.bench.pass(hourMs);
    }
    home.bench.actsLeft = Number.POSITIVE_INFINITY;
    home.restart(0, false);
    home.supply.mains(true);
    home.bench.pass(hourMs);
    const mains = home.bench.codes.filter((code) => code === 85 || code === 86);
    expect(mains[0]).toBe(85);
    expect(mains.at(-1)).toBe(86);
    expect(mains.length).toBeLessThanOrEqual(3);
  }
});
