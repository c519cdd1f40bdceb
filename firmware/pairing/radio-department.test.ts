import { expect, test } from "vitest";
import { Journal } from "../storage/journal.ts";
import type { Bond } from "./bonds.ts";
import { bondLimit } from "./bonds.ts";
import { Flat, Wearer } from "./flat/arbitraries.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

function bond(index: number): Bond {
  return {
    address: 0x100 + index,
    person: index + 1,
    form: "wrist",
    key: new Uint8Array(16).fill(index + 1),
    revoked: false,
  };
}

function expectButton(flat: Flat, wearer: Wearer, person: number, where = "Armband"): void {
  expect(flat.department.pair({ address: wearer.address, person, form: "wrist", where, label: wearer.label })).toBe(
    undefined,
  );
}

/** Pairs and presses until the unit knows it; the receiver accepts. */
function pairAndPress(flat: Flat, wearer: Wearer, person: number): void {
  expectButton(flat, wearer, person);
  wearer.press(11_000);
  flat.run(20_000);
  flat.step = "accepted";
  wearer.press();
  flat.run(5_000);
  flat.step = "received";
}

test("a device joins with an act at both ends, is not verified until a press was accepted, and says who calls", () => {
  const flat = new Flat(1, []);
  const wearer = new Wearer(flat, 0xc0ffee);
  wearer.press(11_000);
  flat.run(30_000);
  expect(wearer.button.isBonded).toBe(false);
  expectButton(flat, wearer, 2, "Anna, armband");
  flat.run(20_000);
  expect(wearer.button.isBonded).toBe(true);
  expect(wearer.signals).toContain("joined");
  expect(flat.news.map((news) => news.type)).toEqual(["window-opened", "found", "joined", "window-ended"]);
  expect(flat.said).toContain("not-verified");
  expect(flat.department.unverified()).toEqual([0]);
  wearer.press();
  flat.run(3_000);
  expect(flat.heard).toContainEqual(
    expect.objectContaining({ type: "press-heard", did: "00C0FFEE", person: 2, where: "Anna, armband", form: "wrist" }),
  );
  expect(flat.department.unverified()).toEqual([0]);
  flat.step = "accepted";
  wearer.press();
  flat.run(3_000);
  expect(flat.department.unverified()).toEqual([]);
  expect(flat.department.devices()).toMatchObject([{ did: "00C0FFEE", person: 2, verified: true, revoked: false }]);
});

test("without a window nobody joins; the window ends after 120 s, and a device whose label is unknown hears nothing", () => {
  const flat = new Flat(2, []);
  const wearer = new Wearer(flat, 0xc0ffee);
  const stranger = new Wearer(flat, 0xbad);
  expectButton(flat, wearer, 1);
  stranger.press(11_000);
  flat.run(119_000);
  expect(flat.department.pairing.isOpen).toBe(true);
  flat.run(2_000);
  expect(flat.department.pairing.isOpen).toBe(false);
  wearer.press(11_000);
  flat.run(130_000);
  expect([wearer.button.isBonded, stranger.button.isBonded]).toEqual([false, false]);
  expect(flat.news).toContainEqual({ type: "window-ended", how: "timed-out" });
});

test("a pairing comes through an air that loses four packets of ten", () => {
  let joined = 0;
  for (let seed = 0; seed < 10; seed++) {
    const flat = new Flat(seed, []);
    flat.air.lossPerMille = 400;
    const wearer = new Wearer(flat, 0xc0ffee);
    expectButton(flat, wearer, 1);
    wearer.press(11_000);
    flat.run(110_000);
    if (wearer.button.isBonded) joined++;
    if (wearer.button.isBonded) expect(flat.department.table.placeOf(wearer.address)).toBe(0);
  }
  expect(joined).toBe(10);
});

test("a new button takes the person's slot over when its press was accepted, the old one calls until then and is told to wipe", () => {
  const flat = new Flat(3, []);
  const old = new Wearer(flat, 1);
  const next = new Wearer(flat, 2);
  pairAndPress(flat, old, 1);
  expectButton(flat, next, 1);
  next.press(11_000);
  flat.run(20_000);
  expect(flat.department.warnedPersons()).toEqual([1]);
  const before = flat.heard.length;
  old.press();
  flat.run(2_000);
  expect(flat.heard.slice(before).map((event) => event.type)).toContain("press-heard");
  flat.step = "accepted";
  next.press();
  flat.run(5_000);
  expect(flat.department.devices()).toMatchObject([{ revoked: true }, { revoked: false, verified: true }]);
  expect(flat.department.warnedPersons()).toEqual([]);
  const alarms = flat.heard.filter((event) => event.type === "press-heard").length;
  old.press();
  flat.run(5_000);
  expect(old.button.isBonded).toBe(false);
  expect(old.signals.at(-1)).toBe("of-no-use");
  expect(flat.heard.filter((event) => event.type === "press-heard")).toHaveLength(alarms);
  expect(flat.raised).toMatchObject([{ kind: "technical", stc: 105, stt: "revoked device used" }]);
  old.restart();
  old.press();
  flat.run(60_000);
  expect(flat.heard.filter((event) => event.type === "press-heard")).toHaveLength(alarms);
});

test("what is paired, verified and revoked outlives a restart of both sides, and the settings fill the table only once", () => {
  const flat = new Flat(4, [bond(0), bond(1)]);
  const wearer = new Wearer(flat, 0xc0ffee);
  expect(flat.department.revoke(0)).toBe("no-button");
  expect(flat.department.revoke(0)).toBe("unknown");
  pairAndPress(flat, wearer, 5);
  flat.delivered.length = 0;
  flat.restart();
  wearer.restart();
  expect(flat.department.devices()).toMatchObject([
    { person: 1, revoked: true },
    { person: 2, revoked: false, verified: false },
    { person: 5, revoked: false, verified: true, where: "Armband" },
  ]);
  wearer.press();
  flat.run(3_000);
  expect(flat.calls().at(-1)).toMatchObject({ did: "00C0FFEE", person: 5 });
});

test("32 devices find room; the next is refused with its reason, and takes the place of one that was revoked", () => {
  const flat = new Flat(
    5,
    Array.from({ length: bondLimit }, (_, index) => bond(index)),
  );
  const label = new Uint8Array(16).fill(9);
  const pillow = { address: 0x999, person: 7, form: "bed" as const, where: "", label };
  expect(flat.department.pair(pillow)).toBe("no-place");
  flat.department.revoke(12);
  expect(flat.department.pair(pillow)).toBe(undefined);
  flat.department.pairing.stop();
  const worn = { address: 0x998, person: 3, form: "wrist" as const, where: "", label };
  expect(flat.department.pair(worn)).toBe(undefined);
  for (let i = 0; i < 8; i++) {
    const refusal = flat.department.pair({ address: 0x800 + i, person: 20, form: "door", where: "", label });
    expect(refusal).toBe(i < 6 ? undefined : "no-place");
  }
});

test("a button that is silent for 25 h is told of once, again each week, and its return once; a restart forgets none of it", () => {
  const flat = new Flat(6, [bond(0)]);
  const wearer = new Wearer(flat, bond(0).address, bond(0).key);
  flat.run(26 * hourMs);
  expect(flat.codes()).toEqual([]);
  wearer.button.close();
  flat.run(26 * hourMs);
  expect(flat.raised).toMatchObject([{ dty: 3, stc: 123, did: "00000100", kind: "technical" }]);
  flat.run(6 * dayMs);
  expect(flat.codes()).toEqual([123]);
  flat.run(dayMs + hourMs);
  expect(flat.codes()).toEqual([123, 123]);
  flat.restart();
  expect(flat.department.devices()).toMatchObject([{ missing: true }]);
  wearer.restart();
  flat.run(hourMs);
  expect(flat.codes()).toEqual([123, 123, 124]);
  expect(flat.raised.at(-1)).toMatchObject({ restores: 123 });
});

test("while nobody is at home what is worn may be silent, and has its whole span again on the return", () => {
  const flat = new Flat(7, [bond(0), { ...bond(1), form: "smoke" }]);
  flat.department.setAway(true);
  flat.run(3 * dayMs);
  expect(flat.raised).toMatchObject([{ dty: 23, stc: 123 }]);
  flat.department.setAway(false);
  flat.run(24 * hourMs);
  expect(flat.codes()).toEqual([123]);
  flat.run(2 * hourMs);
  expect(flat.raised).toMatchObject([{ dty: 23 }, { dty: 3, stc: 123 }]);
});

test("a battery is told of as low once a day, as good once, and a new one is dated", () => {
  const flat = new Flat(8, [bond(0)]);
  flat.wallClock.set(1_800_000_000_000, flat.clock.now);
  const wearer = new Wearer(flat, bond(0).address, bond(0).key);
  flat.run(hourMs);
  wearer.batteryMv = 2_500;
  flat.run(3 * dayMs);
  const lows = flat.codes().filter((code) => code === 16).length;
  expect(lows).toBeGreaterThanOrEqual(2);
  expect(lows).toBeLessThanOrEqual(4);
  expect(flat.raised[0]).toMatchObject({ dty: 3, stc: 16, stt: "2.50 V" });
  expect(flat.department.devices()).toMatchObject([{ low: true, batteryAtS: 0 }]);
  wearer.button.close();
  wearer.batteryMv = 3_000;
  wearer.restart();
  flat.run(hourMs);
  expect(flat.raised.at(-1)).toMatchObject({ stc: 15, restores: 16 });
  expect(flat.heard.at(-1)).toMatchObject({ type: "report-heard", kind: "battery-ok", temperatureC: 21 });
  expect(flat.department.devices()[0]?.batteryAtS).toBeGreaterThan(1_800_000_000);
});

test("a jammed channel is an event and a spoken warning, and its end is told; own devices never jam", () => {
  const flat = new Flat(9, [bond(0)]);
  const wearer = new Wearer(flat, bond(0).address, bond(0).key);
  for (let i = 0; i < 6; i++) {
    flat.run(5_000);
    flat.busy?.(5_000);
  }
  expect(flat.codes()).toEqual([]);
  flat.run(5_000);
  flat.busy?.(5_000);
  expect(flat.raised).toMatchObject([{ dty: 50, stc: 95 }]);
  expect(flat.said).toEqual(["radio-jammed"]);
  expect(flat.department.interference.isJammed).toBe(true);
  flat.run(120_000);
  expect(flat.raised).toMatchObject([{ stc: 95 }, { dty: 50, stc: 94, restores: 95 }]);
  for (let i = 0; i < 40; i++) {
    wearer.press();
    flat.run(2_000);
  }
  expect(flat.codes()).toEqual([95, 94]);
});

test("a walk through the home records each place with its margin, and its presses are no alarms", () => {
  const flat = new Flat(10, [bond(0), bond(1)]);
  const wearer = new Wearer(flat, bond(0).address, bond(0).key);
  const other = new Wearer(flat, bond(1).address, bond(1).key);
  flat.department.rangeWalk.goTo(0, "Badrum");
  wearer.press();
  flat.run(3_000);
  other.press();
  flat.run(3_000);
  flat.department.rangeWalk.goTo(0, "Källare");
  flat.department.rangeWalk.end();
  expect(flat.heard.filter((event) => event.type === "press-heard")).toMatchObject([{ bond: 1 }]);
  expect(wearer.signals).toEqual(["sent"]);
  flat.restart();
  expect(flat.department.walkedPlaces()).toMatchObject([
    { where: "Badrum", marginDb: 30, passed: true, presses: 1 },
    { where: "Källare", marginDb: undefined, passed: false, presses: 0 },
  ]);
  wearer.press();
  flat.run(3_000);
  expect(flat.calls().at(-1)).toMatchObject({ type: "press-heard", bond: 0 });
});

test("a fall is a call of its own: it waits for the wearer's word, and is never merged with a press", () => {
  const flat = new Flat(11, [bond(0)]);
  const wearer = new Wearer(flat, bond(0).address, bond(0).key);
  wearer.fell();
  flat.run(10_000);
  wearer.tookBack();
  flat.run(20_000);
  expect(flat.calls()).toEqual([]);
  wearer.fell();
  flat.run(14_000);
  expect(flat.calls()).toEqual([]);
  wearer.press();
  flat.run(3_000);
  expect(flat.heard.map((event) => event.type)).toContain("press-heard");
  expect(flat.heard).toContainEqual(
    expect.objectContaining({ type: "fall-heard", phase: "fell", falls: 1, person: 1 }),
  );
  wearer.tookBack();
  flat.run(3_000);
  const falls = flat.heard.filter((event) => event.type === "fall-heard");
  expect(falls).toMatchObject([{ phase: "fell" }, { phase: "withdrawn" }]);
  expect(new Set(falls.map((event) => ("name" in event ? event.name : 0))).size).toBe(1);
});

test("a full house needs at most five records for each device, and survives a restart whole", () => {
  const houses = Array.from({ length: bondLimit }, (_, index) => bond(index));
  const flat = new Flat(12, houses);
  const wearers = houses.map((own) => new Wearer(flat, own.address, own.key));
  for (const wearer of wearers) {
    wearer.press();
    flat.run(10 * 60_000);
  }
  flat.department.setAway(false);
  flat.run(2 * dayMs);
  for (const wearer of wearers) wearer.button.close();
  flat.run(3 * dayMs);
  expect(flat.codes().filter((code) => code === 123)).toHaveLength(bondLimit);
  expect(new Journal(flat.unitFlash).count).toBeLessThanOrEqual(5 * bondLimit);
  flat.restart();
  expect(flat.department.devices()).toHaveLength(bondLimit);
  expect(flat.department.devices().every((device) => device.missing)).toBe(true);
});
